package io.tiphys.api;

import com.fasterxml.jackson.annotation.JacksonAnnotationsInside;
import com.fasterxml.jackson.annotation.JsonFormat;
import com.fasterxml.jackson.annotation.JsonIgnoreProperties;
import com.fasterxml.jackson.annotation.JsonInclude;
import io.soabase.recordbuilder.core.RecordBuilder;
import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * Marks a record that is one of Argo's types: written without empty fields, read without minding unknown ones (validation
 * reports those) nor the case of names (as Go does not), by whichever Jackson mapper. Each gets a builder, {@code NodeStatusBuilder} for {@code NodeStatus}, and
 * withers.
 */
@JacksonAnnotationsInside
@JsonInclude(JsonInclude.Include.NON_EMPTY)
@JsonIgnoreProperties(ignoreUnknown = true)
@JsonFormat(with = JsonFormat.Feature.ACCEPT_CASE_INSENSITIVE_PROPERTIES)
@RecordBuilder.Template(
        options =
                @RecordBuilder.Options(
                        enableGetters = false,
                        addFunctionalMethodsToWith = false,
                        addConcreteSettersForOptional = RecordBuilder.ConcreteSettersForOptionalMode.DISABLED,
                        builderMode = RecordBuilder.BuilderMode.STANDARD))
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface ArgoType {}
