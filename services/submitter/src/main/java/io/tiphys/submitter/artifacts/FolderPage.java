package io.tiphys.submitter.artifacts;

import io.tiphys.artifacts.ArtifactStore;
import io.tiphys.artifacts.ArtifactStore.PageRequest;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.rest.ApiException;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.StreamingOutput;
import java.io.IOException;
import java.io.OutputStream;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.nio.charset.StandardCharsets;

/**
 * A directory of objects as a page of links for a browser (Argo: {@code renderDirectoryListing}), written as the store tells what is there:
 * a directory may be of any size. Names are escaped; links are relative.
 */
public final class FolderPage {
    private static final String INDEX = "index.html";

    private final ArtifactStore store;
    private final String prefix;

    public FolderPage(Located located) {
        this.store = located.store();
        this.prefix = located.key().endsWith("/") ? located.key() : located.key() + "/";
    }

    /** The page; or where to go on: to the directory's own {@code index.html}, if there is one. */
    public Response answer(boolean headOnly) {
        try {
            if (!new DirectoryStream(store, prefix).exists()) {
                throw ApiException.notFound("there is no object below \"" + prefix + "\" in the store any more");
            }
            if (store.head(prefix + INDEX).isPresent()) {
                // Response.temporaryRedirect would make the relative address absolute, with the wrong host behind a
                // proxy
                return Response.status(Response.Status.TEMPORARY_REDIRECT)
                        .header("Location", INDEX)
                        .build();
            }
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        }
        var response = Sandbox.around(Response.ok()).header("Content-Type", "text/html; charset=utf-8");
        return headOnly
                ? response.build()
                : response.entity((StreamingOutput) this::write).build();
    }

    private void write(OutputStream out) throws IOException {
        Writer page = new OutputStreamWriter(out, StandardCharsets.UTF_8);
        page.write("<html><body><ul>\n<li><a href=\"..\">..</a></li>\n");
        PageRequest request = new PageRequest(prefix, "/", null, 1000);
        while (true) {
            ArtifactStore.Page found = store.page(request);
            for (String directory : found.directories()) {
                link(directory.substring(prefix.length()), page);
            }
            for (StoredObject object : found.objects()) {
                link(object.key().substring(prefix.length()), page);
            }
            page.flush();
            if (found.next() == null) {
                break;
            }
            request = request.after(found.next());
        }
        page.write("</ul></body></html>\n");
        page.flush();
    }

    /** The leading {@code ./} keeps a name such as {@code javascript:x} a name. */
    private static void link(String name, Writer page) throws IOException {
        if (name.isEmpty()) {
            return; // the directory's own marker
        }
        boolean isDirectory = name.endsWith("/");
        String bare = isDirectory ? name.substring(0, name.length() - 1) : name;
        page.write("<li><a href=\"./" + Sandbox.encoded(bare) + (isDirectory ? "/" : "") + "\">" + escaped(name)
                + "</a></li>\n");
    }

    private static String escaped(String text) {
        return text.replace("&", "&amp;")
                .replace("<", "&lt;")
                .replace(">", "&gt;")
                .replace("\"", "&quot;")
                .replace("'", "&#39;");
    }
}
