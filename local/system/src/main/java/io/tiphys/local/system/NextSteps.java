package io.tiphys.local.system;

import java.io.PrintStream;
import java.nio.file.Path;

/** What a user may want to do with an instance that is up. */
final class NextSteps {
    private NextSteps() {}

    static void print(PrintStream out, Home home, Instance instance) {
        boolean elsewhere = !home.equals(new Home(Path.of(System.getProperty("user.home", "."), Home.DEFAULT_NAME)))
                && System.getenv("TIPHYS_HOME") == null;
        String suffix = elsewhere ? " --home " + home.directory() : "";
        out.println();
        out.println("  API          " + instance.urls().get("api"));
        out.println("  Kubernetes   " + instance.urls().get("kubernetes"));
        out.println("  kubeconfig   " + instance.kubeconfig());
        out.println();
        out.println("Next:");
        out.println("  ./tiphys submit --watch examples/hello.yaml" + suffix);
        out.println("  kubectl --kubeconfig " + instance.kubeconfig() + " create -f examples/hello.yaml");
        out.println("  ./tiphys status" + suffix + "      ./tiphys down" + suffix);
    }
}
