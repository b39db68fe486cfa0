package io.tiphys.api.shape;

import com.fasterxml.jackson.databind.JavaType;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.annotation.JsonDeserialize;
import com.fasterxml.jackson.databind.introspect.AnnotatedMember;
import com.fasterxml.jackson.databind.introspect.BeanPropertyDefinition;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.FieldsV1;
import io.fabric8.kubernetes.api.model.IntOrString;
import io.fabric8.kubernetes.api.model.MicroTime;
import io.fabric8.kubernetes.api.model.Quantity;
import io.tiphys.api.ApiJson;
import io.tiphys.api.ContainerNode;
import io.tiphys.api.ScriptTemplate;
import io.tiphys.api.UserContainer;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Finds shapes by the properties that Jackson sees. */
final class Shapes {
    private static final Map<Class<?>, Shape.Value> VALUES = Map.ofEntries(
            Map.entry(String.class, Shape.Value.TEXT),
            Map.entry(Boolean.class, Shape.Value.BOOLEAN),
            Map.entry(boolean.class, Shape.Value.BOOLEAN),
            Map.entry(Integer.class, Shape.Value.INTEGER),
            Map.entry(int.class, Shape.Value.INTEGER),
            Map.entry(Long.class, Shape.Value.INTEGER),
            Map.entry(long.class, Shape.Value.INTEGER),
            Map.entry(Double.class, Shape.Value.NUMBER),
            Map.entry(BigDecimal.class, Shape.Value.NUMBER),
            Map.entry(IntOrString.class, Shape.Value.INTEGER_OR_TEXT),
            Map.entry(Quantity.class, Shape.Value.QUANTITY),
            Map.entry(Instant.class, Shape.Value.TIME),
            Map.entry(MicroTime.class, Shape.Value.TIME),
            Map.entry(JsonNode.class, Shape.Value.ANYTHING),
            Map.entry(Object.class, Shape.Value.ANYTHING),
            Map.entry(FieldsV1.class, Shape.Value.ANYTHING));

    /** Types whose JSON has the fields of their component {@code container} beside their own. */
    private static final Set<Class<?>> EXTENDED_CONTAINERS =
            Set.of(UserContainer.class, ScriptTemplate.class, ContainerNode.class);

    private static final Map<Class<?>, Map<String, Shape>> FIELDS = new ConcurrentHashMap<>();

    private Shapes() {}

    static Shape of(Class<?> type) {
        return of(ApiJson.mapper().constructType(type));
    }

    static Map<String, Shape> fieldsOf(Class<?> type) {
        Map<String, Shape> known = FIELDS.get(type);
        if (known != null) {
            return known;
        }
        Map<String, Shape> found = Collections.unmodifiableMap(findFields(type));
        FIELDS.put(type, found);
        return found;
    }

    private static Shape of(JavaType type) {
        Shape.Value value = VALUES.get(type.getRawClass());
        if (value != null) {
            return value;
        }
        if (type.isEnumType()) {
            return Shape.Value.TEXT;
        }
        if (type.isCollectionLikeType()) {
            return new Shape.ListOf(of(type.getContentType()));
        }
        return type.isMapLikeType()
                ? new Shape.MapOf(of(type.getContentType()))
                : new Shape.ObjectOf(type.getRawClass());
    }

    private static Map<String, Shape> findFields(Class<?> type) {
        var fields = new LinkedHashMap<String, Shape>();
        var config = ApiJson.mapper().getSerializationConfig();
        for (BeanPropertyDefinition property :
                config.introspect(config.constructType(type)).findProperties()) {
            AnnotatedMember accessor = property.getAccessor();
            if (accessor != null) {
                fields.put(property.getName(), of(accessor));
            }
        }
        if (EXTENDED_CONTAINERS.contains(type)) {
            fields.remove("container");
            fields.putAll(fieldsOf(Container.class));
        }
        return fields;
    }

    private static Shape of(AnnotatedMember accessor) {
        JsonDeserialize reading = accessor.getAnnotation(JsonDeserialize.class);
        if (reading != null && isAnyText(reading.using())) {
            return Shape.Value.ANY_TEXT;
        }
        if (reading != null && isAnyText(reading.contentUsing())) {
            return new Shape.ListOf(Shape.Value.ANY_TEXT);
        }
        return of(accessor.getType());
    }

    private static boolean isAnyText(Class<?> deserializer) {
        Class<?> outer = deserializer.getEnclosingClass();
        return outer != null && outer.getSimpleName().equals("AnyString");
    }
}
