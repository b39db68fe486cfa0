package io.tiphys.artifactgc.plan;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.api.Manifests;
import io.tiphys.api.Workflow;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WholeLocationsTest {
    /** Location of the artifact, repository of the workflow, what that comes to. */
    @ParameterizedTest
    @CsvSource(delimiter = '|', quoteCharacter = '`', textBlock = """
            {oss: {key: k}} | {oss: {endpoint: e, bucket: b, useSDKCreds: true, keyFormat: f}} | {"oss":{"endpoint":"e","bucket":"b","useSDKCreds":true,"key":"k"}}
            {oss: {key: k}} | {oss: {endpoint: e, bucket: b, createBucketIfNotPresent: true}}   | {"oss":{"endpoint":"e","bucket":"b","key":"k"}}
            {oss: {bucket: other, key: k}} | {oss: {endpoint: e, bucket: b}}                     | {"oss":{"endpoint":"e","bucket":"b","key":"k"}}
            {oss: {endpoint: o, bucket: other, key: k}} | {oss: {endpoint: e, bucket: b}}        | {"oss":{"endpoint":"o","bucket":"other","key":"k"}}
            {s3: {key: k}}  | {s3: {endpoint: e, bucket: b, insecure: true}}                     | {"s3":{"endpoint":"e","bucket":"b","insecure":true,"key":"k"}}
            {s3: {key: k}}  | {oss: {endpoint: e, bucket: b}}                                    | {"oss":{"endpoint":"e","bucket":"b","key":"k"}}
            {oss: {key: k}} | {s3: {endpoint: e, bucket: b}}                                     | {"s3":{"endpoint":"e","bucket":"b","key":"k"}}
            {oss: {key: k}} | {gcs: {bucket: b}}                                                 | {"gcs":{"bucket":"b","key":"k"}}
            {gcs: {key: k}} | {oss: {endpoint: e, bucket: b}}                                    | {"oss":{"endpoint":"e","bucket":"b","key":"k"}}
            {oss: {key: k}} | {}                                                                 | {"oss":{"key":"k"}}
            {raw: {data: d}} | {oss: {endpoint: e, bucket: b}}                                   | {"raw":{"data":"d"}}
            """)
    void whatALocationLeavesOpenIsTheRepositorys(String location, String repository, String whole) {
        Workflow workflow =
                Manifests.read("""
                apiVersion: argoproj.io/v1alpha1
                kind: Workflow
                metadata: {name: wf, namespace: default}
                spec:
                  arguments: {artifacts: [%s]}
                status:
                  artifactRepositoryRef: {default: true, artifactRepository: %s}
                """.formatted(location.replaceFirst("\\{", "{name: a, "), repository), Workflow.class);
        WholeLocations locations = new WholeLocations(workflow.getStatus());

        var artifact = locations.of(workflow.getSpec().arguments().artifacts().getFirst());

        assertThat(artifact.name()).isEqualTo("a");
        assertThat(Locations.location(artifact)).hasToString(whole);
    }
}
