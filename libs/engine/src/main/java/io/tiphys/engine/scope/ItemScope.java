package io.tiphys.engine.scope;

import com.fasterxml.jackson.databind.JsonNode;
import io.tiphys.engine.loop.ItemText;
import io.tiphys.expression.Scope;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** {@code item} and {@code item.key} of one turn of a loop, over the scope around the loop. */
public final class ItemScope implements Scope {
    private final JsonNode item;
    private final Scope outer;

    public ItemScope(JsonNode item, Scope outer) {
        this.item = item;
        this.outer = outer;
    }

    @Override
    public @Nullable Object get(String name) {
        if (name.equals("item")) {
            return ItemText.of(item);
        }
        if (name.startsWith("item.")) {
            JsonNode value = item.get(name.substring("item.".length()));
            return value == null ? null : ItemText.ofValue(value);
        }
        return outer.get(name);
    }

    @Override
    public @Nullable Instant now() {
        return outer.now();
    }

    @Override
    public Collection<String> names() {
        List<String> names = new ArrayList<>(outer.names());
        if (item.isObject()) {
            item.fieldNames().forEachRemaining(field -> names.add("item." + field));
        } else {
            names.add("item");
        }
        return names;
    }
}
