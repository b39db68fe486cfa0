package io.tiphys.local.node;

import io.fabric8.kubernetes.api.model.PersistentVolumeClaim;
import io.fabric8.kubernetes.client.KubernetesClient;
import io.fabric8.kubernetes.client.KubernetesClientException;
import io.fabric8.kubernetes.client.dsl.base.PatchContext;
import io.fabric8.kubernetes.client.dsl.base.PatchType;
import io.fabric8.kubernetes.client.informers.ResourceEventHandler;
import io.fabric8.kubernetes.client.informers.SharedIndexInformer;
import io.tiphys.local.node.pod.PodFolder;
import java.io.IOException;
import java.nio.file.Path;

/** Claimed volumes are folders named by the claim's uid; they are bound at once, and deleted with the claim. */
final class VolumeClaims implements AutoCloseable {
    private static final String BOUND = "{\"status\":{\"phase\":\"Bound\"}}";

    private final KubernetesClient client;
    private final Path folder;
    private final SharedIndexInformer<PersistentVolumeClaim> informer;

    VolumeClaims(KubernetesClient client, Path folder) {
        this.client = client;
        this.folder = folder;
        this.informer = client.persistentVolumeClaims().inAnyNamespace().inform(new ResourceEventHandler<>() {
            @Override
            public void onAdd(PersistentVolumeClaim claim) {
                Thread.ofVirtual().start(() -> bind(claim));
            }

            @Override
            public void onUpdate(PersistentVolumeClaim before, PersistentVolumeClaim claim) {
                // Bound once, bound for ever.
            }

            @Override
            public void onDelete(PersistentVolumeClaim claim, boolean stateUnknown) {
                Thread.ofVirtual().start(() -> delete(claim));
            }
        });
    }

    private void bind(PersistentVolumeClaim claim) {
        if (claim.getStatus() == null || !"Bound".equals(claim.getStatus().getPhase())) {
            try {
                client.persistentVolumeClaims()
                        .inNamespace(claim.getMetadata().getNamespace())
                        .withName(claim.getMetadata().getName())
                        .subresource("status")
                        .patch(
                                new PatchContext.Builder()
                                        .withPatchType(PatchType.JSON_MERGE)
                                        .build(),
                                BOUND);
            } catch (KubernetesClientException e) {
                System.getLogger("io.tiphys.local.node")
                        .log(
                                System.Logger.Level.WARNING,
                                "claim " + claim.getMetadata().getName() + " could not be marked as bound: "
                                        + e.getMessage());
            }
        }
    }

    private void delete(PersistentVolumeClaim claim) {
        try {
            new PodFolder(folder.resolve(claim.getMetadata().getUid())).delete();
        } catch (IOException e) {
            System.getLogger("io.tiphys.local.node")
                    .log(
                            System.Logger.Level.WARNING,
                            "the folder of claim " + claim.getMetadata().getName() + " could not be deleted",
                            e);
        }
    }

    @Override
    public void close() {
        informer.close();
    }
}
