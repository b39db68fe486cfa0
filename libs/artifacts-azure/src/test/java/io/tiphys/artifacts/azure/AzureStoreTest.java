package io.tiphys.artifacts.azure;

import static org.assertj.core.api.Assertions.assertThat;

import com.azure.core.http.jdk.httpclient.JdkHttpClientBuilder;
import com.azure.storage.blob.BlobServiceClientBuilder;
import com.azure.storage.common.StorageSharedKeyCredential;
import com.azure.storage.common.sas.AccountSasPermission;
import com.azure.storage.common.sas.AccountSasResourceType;
import com.azure.storage.common.sas.AccountSasService;
import com.azure.storage.common.sas.AccountSasSignatureValues;
import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.Stores;
import io.tiphys.artifacts.contract.ArtifactStoreContract;
import java.io.ByteArrayInputStream;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfEnvironmentVariable;

/**
 * The contract against a blob service, for example Azurite (a package of npm): {@code TIPHYS_TEST_AZURE} is the account's endpoint, {@code
 * TIPHYS_TEST_AZURE_KEY} its key.
 */
@EnabledIfEnvironmentVariable(named = "TIPHYS_TEST_AZURE", matches = "http.+")
class AzureStoreTest extends ArtifactStoreContract {
    private final AzureDriver driver = new AzureDriver(InstantSource.system());
    private final String container = "b-" + UUID.randomUUID();

    @BeforeEach
    void newContainer() throws Exception {
        store().ensureBucket();
        store().ensureBucket();
    }

    @AfterEach
    void close() {
        driver.close();
    }

    private static String key() {
        return Objects.requireNonNull(System.getenv("TIPHYS_TEST_AZURE_KEY"), "TIPHYS_TEST_AZURE_KEY");
    }

    @Override
    protected ArtifactStore store() throws StoreException {
        return store(key());
    }

    @Test
    void aSharedAccessSignatureReadsAndWritesAndIsNotGivenToPods() throws Exception {
        var endpoint = System.getenv("TIPHYS_TEST_AZURE");
        var account = new BlobServiceClientBuilder()
                .endpoint(endpoint)
                .httpClient(new JdkHttpClientBuilder().build())
                .credential(new StorageSharedKeyCredential(AzureDriver.accountName(endpoint), key()))
                .buildClient();
        var sas = account.generateAccountSas(new AccountSasSignatureValues(
                OffsetDateTime.now(ZoneOffset.UTC).plusHours(1),
                AccountSasPermission.parse("rwdlac"),
                new AccountSasService().setBlobAccess(true),
                AccountSasResourceType.parse("sco")));
        var store = store("?" + sas);
        store.put("shared", new ByteArrayInputStream(new byte[] {1, 2, 3}), 3, "text/plain");
        try (var in = store.read("shared")) {
            assertThat(in.readAllBytes()).containsExactly(1, 2, 3);
        }
        assertThat(store.abilities()).doesNotContain(ArtifactStore.Ability.PRESIGN);
    }

    private ArtifactStore store(String key) throws StoreException {
        return new Stores(List.of(driver), (_, _, _) -> Optional.of(key))
                .locate(
                        "default",
                        Map.of(
                                "azure",
                                Map.of(
                                        "endpoint",
                                        System.getenv("TIPHYS_TEST_AZURE"),
                                        "container",
                                        container,
                                        "blob",
                                        "some/key",
                                        "accountKeySecret",
                                        Map.of("name", "azure", "key", "key"))))
                .store();
    }
}
