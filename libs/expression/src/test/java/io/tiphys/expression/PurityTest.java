package io.tiphys.expression;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;

import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;

@AnalyzeClasses(packages = "io.tiphys.expression..", importOptions = ImportOption.DoNotIncludeTests.class)
class PurityTest {
    @ArchTest
    static final ArchRule KNOWS_NO_WORLD = classes()
            .should()
            .onlyDependOnClassesThat()
            .resideInAnyPackage(
                    "io.tiphys.expression..",
                    "java.lang..",
                    "java.math",
                    "java.nio.charset",
                    "java.security",
                    "java.time..",
                    "java.util",
                    "java.util.function",
                    "java.util.stream",
                    "com.fasterxml.jackson..",
                    "com.google.re2j",
                    "org.jspecify.annotations");

    @ArchTest
    static final ArchRule READS_NO_CLOCK = noClasses()
            .should()
            .callMethod(java.time.Instant.class, "now")
            .orShould()
            .callMethod(System.class, "currentTimeMillis")
            .orShould()
            .callMethod(System.class, "getenv", String.class)
            .orShould()
            .callMethod(Math.class, "random");
}
