package io.tiphys.expression;

import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/** The variables that an expression mentions. */
final class References {
    private final Set<String> required = new LinkedHashSet<>();
    private final Set<String> all = new LinkedHashSet<>();
    private final List<Node.Variable> requiredVariables = new ArrayList<>();
    private final List<Node.Variable> variables = new ArrayList<>();

    private References() {}

    static References of(Node root) {
        References references = new References();
        references.visit(root, false);
        return references;
    }

    List<String> required() {
        return List.copyOf(required);
    }

    List<String> all() {
        return List.copyOf(all);
    }

    List<String> missingIn(Scope scope) {
        List<String> missing = List.of();
        for (Node.Variable variable : requiredVariables) {
            if (!Variables.knows(scope, variable)) {
                if (missing.isEmpty()) {
                    missing = new ArrayList<>();
                }
                missing.add(variable.name());
            }
        }
        return missing;
    }

    List<Node.Variable> variables() {
        return variables;
    }

    private void add(Node.Variable variable, boolean guarded) {
        variables.add(variable);
        all.add(variable.name());
        Node.Variable needed =
                guarded ? new Node.Variable(variable.at(), variable.path().getFirst()) : variable;
        if (required.add(needed.name())) {
            requiredVariables.add(needed);
        }
    }

    private void visit(Node node, boolean guarded) {
        switch (node) {
            case Node.Literal _, Node.Local _, Node.Pointer _ -> {}
            case Node.Variable variable -> add(variable, guarded);
            case Node.Member(var _, var of, var property, var optional) -> {
                visit(of, guarded || optional);
                visit(property, guarded);
            }
            case Node.Chain(var _, var of) -> visit(of, guarded);
            case Node.Slice(var _, var of, var from, var to) -> {
                visit(of, guarded);
                if (from != null) {
                    visit(from, guarded);
                }
                if (to != null) {
                    visit(to, guarded);
                }
            }
            case Node.Unary(var _, var _, var of) -> visit(of, guarded);
            case Node.And(var _, var left, var right) -> both(left, right, guarded);
            case Node.Or(var _, var left, var right) -> both(left, right, guarded);
            case Node.Coalesce(var _, var left, var right) -> {
                visit(left, true);
                visit(right, guarded);
            }
            case Node.Binary(var _, var _, var left, var right) -> both(left, right, guarded);
            case Node.Matches(var _, var left, var _) -> visit(left, guarded);
            case Node.Conditional(var _, var condition, var then, var otherwise) -> {
                visit(condition, guarded);
                both(then, otherwise, guarded);
            }
            case Node.Let(var _, var _, var value, var body) -> both(value, body, guarded);
            case Node.Sequence(var _, var parts) -> each(parts, guarded);
            case Node.Array(var _, var elements) -> each(elements, guarded);
            case Node.MapOf(var _, var keys, var values) -> {
                each(keys, guarded);
                each(values, guarded);
            }
            case Node.Call(var _, var _, var _, var arguments) -> each(arguments, guarded);
            case Node.UnknownCall(var at, var name, var arguments) -> {
                add(new Node.Variable(at, name), false);
                each(arguments, guarded);
            }
            case Node.MethodCall(var _, var of, var _, var arguments, var optional) -> {
                visit(of, guarded || optional);
                each(arguments, guarded);
            }
            case Node.Loop(var _, var _, var over, var body, var extra) -> {
                visit(over, guarded);
                if (body != null) {
                    visit(body, guarded);
                }
                if (extra != null) {
                    visit(extra, guarded);
                }
            }
        }
    }

    private void both(Node left, Node right, boolean guarded) {
        visit(left, guarded);
        visit(right, guarded);
    }

    private void each(List<Node> nodes, boolean guarded) {
        nodes.forEach(node -> visit(node, guarded));
    }
}
