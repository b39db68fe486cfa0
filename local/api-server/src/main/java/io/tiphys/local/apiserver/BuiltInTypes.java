package io.tiphys.local.apiserver;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** The types of Kubernetes that are served without a CustomResourceDefinition. They are stored; few have behaviour here. */
final class BuiltInTypes {
    /** group/version, plural, kind, scope (N namespaced, C cluster), status subresource (S or -), short names. */
    private static final String TABLE = """
            v1 pods Pod N S po
            v1 namespaces Namespace C S ns
            v1 nodes Node C S no
            v1 configmaps ConfigMap N - cm
            v1 secrets Secret N - -
            v1 events Event N - ev
            v1 services Service N S svc
            v1 endpoints Endpoints N - ep
            v1 serviceaccounts ServiceAccount N - sa
            v1 persistentvolumeclaims PersistentVolumeClaim N S pvc
            v1 persistentvolumes PersistentVolume C S pv
            v1 limitranges LimitRange N - limits
            v1 resourcequotas ResourceQuota N S quota
            v1 replicationcontrollers ReplicationController N S rc
            v1 podtemplates PodTemplate N - -
            apps/v1 deployments Deployment N S deploy
            apps/v1 replicasets ReplicaSet N S rs
            apps/v1 statefulsets StatefulSet N S sts
            apps/v1 daemonsets DaemonSet N S ds
            apps/v1 controllerrevisions ControllerRevision N - -
            batch/v1 jobs Job N S -
            batch/v1 cronjobs CronJob N S cj
            coordination.k8s.io/v1 leases Lease N - -
            policy/v1 poddisruptionbudgets PodDisruptionBudget N S pdb
            networking.k8s.io/v1 ingresses Ingress N S ing
            networking.k8s.io/v1 networkpolicies NetworkPolicy N - netpol
            rbac.authorization.k8s.io/v1 roles Role N - -
            rbac.authorization.k8s.io/v1 rolebindings RoleBinding N - -
            rbac.authorization.k8s.io/v1 clusterroles ClusterRole C - -
            rbac.authorization.k8s.io/v1 clusterrolebindings ClusterRoleBinding C - -
            storage.k8s.io/v1 storageclasses StorageClass C - sc
            scheduling.k8s.io/v1 priorityclasses PriorityClass C - pc
            apiextensions.k8s.io/v1 customresourcedefinitions CustomResourceDefinition C S crd,crds
            """;

    private BuiltInTypes() {}

    static List<ResourceType> all() {
        return TABLE.lines().map(BuiltInTypes::parse).toList();
    }

    private static ResourceType parse(String line) {
        String[] cells = line.split(" ", -1);
        String groupVersion = cells[0];
        int slash = groupVersion.indexOf('/');
        String kind = cells[2];
        return new ResourceType(
                slash < 0 ? "" : groupVersion.substring(0, slash),
                groupVersion.substring(slash + 1),
                cells[1],
                kind.toLowerCase(Locale.ROOT),
                kind,
                cells[3].equals("N"),
                cells[4].equals("S"),
                false,
                cells[5].equals("-") ? List.of() : Arrays.asList(cells[5].split(",", -1)),
                kind.equals("Pod") || kind.equals("Service") ? List.of("all") : List.of(),
                List.of());
    }
}
