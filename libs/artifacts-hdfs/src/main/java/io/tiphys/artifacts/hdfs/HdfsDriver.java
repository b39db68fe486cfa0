package io.tiphys.artifacts.hdfs;

import io.tiphys.api.ArtifactLocation;
import io.tiphys.api.HDFSArtifact;
import io.tiphys.artifacts.HttpCalls;
import io.tiphys.artifacts.Secrets;
import io.tiphys.artifacts.StoreDriver;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoreException.Kind;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Locations of the kind {@code hdfs}. Argo speaks HDFS' own protocol to the name nodes in {@code addresses}; this speaks WebHDFS to the same
 * machines: where the port is one that name nodes use for their own protocol, WebHDFS' usual port is taken instead; an address may also be a
 * URL. Kerberos and encrypted data transfer are not spoken: a location that asks for them is refused.
 */
public final class HdfsDriver implements StoreDriver {
    private static final Set<Integer> RPC_PORTS = Set.of(8020, 8022, 9000);
    private static final int WEB_PORT = 9870;

    private final HttpCalls calls = new HttpCalls(null);

    @Override
    public String kind() {
        return "hdfs";
    }

    @Override
    public Optional<Located> locate(ArtifactLocation location, String namespace, Secrets secrets)
            throws StoreException {
        var hdfs = location.hdfs();
        if (hdfs == null) {
            return Optional.empty();
        }
        refuseWhatIsNotSpoken(hdfs);
        if (hdfs.addresses().isEmpty()) {
            throw new StoreException(Kind.REFUSED, "the artifact's location lacks hdfs.addresses");
        }
        var nodes = new ArrayList<URI>();
        for (var address : hdfs.addresses()) {
            nodes.add(web(address));
        }
        var user = hdfs.hdfsUser() == null || hdfs.hdfsUser().isEmpty() ? null : hdfs.hdfsUser();
        return Optional.of(new Located(
                new HdfsStore(new WebHdfs(calls, List.copyOf(nodes), user), hdfs.force()),
                hdfs.path().replaceFirst("^/+", "")));
    }

    private static void refuseWhatIsNotSpoken(HDFSArtifact hdfs) throws StoreException {
        Map<String, @Nullable Object> fields = new LinkedHashMap<>();
        fields.put("krbCCacheSecret", hdfs.krbCCacheSecret());
        fields.put("krbKeytabSecret", hdfs.krbKeytabSecret());
        fields.put("krbUsername", hdfs.krbUsername());
        fields.put("krbRealm", hdfs.krbRealm());
        fields.put("krbConfigConfigMap", hdfs.krbConfigConfigMap());
        fields.put("krbServicePrincipalName", hdfs.krbServicePrincipalName());
        fields.put("dataTransferProtection", hdfs.dataTransferProtection());
        for (var field : fields.entrySet()) {
            if (field.getValue() != null && !"".equals(field.getValue())) {
                throw new StoreException(
                        Kind.REFUSED,
                        "hdfs." + field.getKey() + " is not supported: HDFS is spoken to through WebHDFS as"
                                + " hdfs.hdfsUser, without Kerberos and without encryption of its own");
            }
        }
    }

    static URI web(String address) throws StoreException {
        try {
            if (address.startsWith("http://") || address.startsWith("https://")) {
                var uri = URI.create(address.replaceFirst("/+$", ""));
                if (uri.getHost() != null) {
                    return uri;
                }
            } else {
                var uri = URI.create("http://" + address);
                if (uri.getHost() != null
                        && (uri.getPath() == null || uri.getPath().isEmpty())) {
                    int port = uri.getPort() < 0 || RPC_PORTS.contains(uri.getPort()) ? WEB_PORT : uri.getPort();
                    return URI.create("http://" + uri.getHost() + ":" + port);
                }
            }
        } catch (IllegalArgumentException e) {
            // told below
        }
        throw new StoreException(
                Kind.REFUSED, "hdfs.addresses: \"" + address + "\" is neither host:port nor a URL of WebHDFS");
    }

    @Override
    public void close() {
        calls.close();
    }
}
