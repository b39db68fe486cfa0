package io.tiphys.submitter.config;

import static org.assertj.core.api.Assertions.assertThat;

import io.tiphys.settings.SettingsTable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class SubmitterSettingsTest {

    @Test
    void theReferencePageHasEverySettingWithItsDefault() throws IOException {
        String page = Files.readString(Path.of("../../docs/reference/settings.md"));

        assertThat(SettingsTable.differences(
                        SettingsTable.of(
                                SubmitterConfig.class,
                                InstanceConfig.class,
                                ArchiveConfig.class,
                                ArtifactGcConfig.class,
                                RepositoryConfig.class,
                                KafkaConfig.class),
                        SettingsTable.onPage(page, "Submitter")))
                .isEmpty();
    }
}
