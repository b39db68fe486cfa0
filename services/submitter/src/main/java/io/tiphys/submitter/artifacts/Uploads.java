package io.tiphys.submitter.artifacts;

import io.micrometer.core.instrument.MeterRegistry;
import io.tiphys.artifacts.StoreDriver.Located;
import io.tiphys.artifacts.StoreException;
import io.tiphys.artifacts.StoredObject;
import io.tiphys.submitter.artifacts.UploadPlace.Argument;
import io.tiphys.submitter.config.SubmitterConfig;
import io.tiphys.submitter.rest.ApiException;
import io.tiphys.submitter.rest.ApiException.Code;
import jakarta.enterprise.context.ApplicationScoped;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;
import org.apache.commons.fileupload.FileItemIterator;
import org.apache.commons.fileupload.FileItemStream;
import org.apache.commons.fileupload.FileUpload;
import org.apache.commons.fileupload.FileUploadException;
import org.apache.commons.fileupload.RequestContext;
import org.jboss.logging.Logger;
import org.jspecify.annotations.Nullable;

/** Takes the part {@code file} of a form ({@code multipart/form-data}) into object storage as it arrives; nothing is kept on disk. */
@ApplicationScoped
public class Uploads {
    private static final Logger LOG = Logger.getLogger(Uploads.class);
    private static final String FIELD = "file";
    private static final int MOST_PART_HEADERS = 8 * 1024;

    private final UploadPlace places;
    private final Semaphore turns;
    private final int most;

    public Uploads(UploadPlace places, SubmitterConfig config, MeterRegistry metrics) {
        this.places = places;
        this.most = config.artifacts().concurrentUploads();
        this.turns = metrics.gauge("tiphys.uploads.free", new Semaphore(most), Semaphore::availablePermits);
    }

    /** Returns the key of the stored file. */
    public String take(
            String namespace, String template, String artifact, @Nullable String contentType, InputStream body) {
        Argument argument = places.argument(namespace, template, artifact);
        if (!turns.tryAcquire()) {
            throw new ApiException(
                    Code.RESOURCE_EXHAUSTED,
                    most + " files are being uploaded already, which is the limit"
                            + " (tiphys.submitter.artifacts.concurrent-uploads); try again in a while");
        }
        try {
            FileItemIterator parts = form().getItemIterator(new Form(contentType, body));
            while (parts.hasNext()) {
                FileItemStream part = parts.next();
                if (part.getFieldName().equals(FIELD) && !part.isFormField()) {
                    return take(argument, part);
                }
            }
            throw ApiException.invalid("the form has no file in a field named \"" + FIELD + "\"");
        } catch (FileUploadException e) {
            throw ApiException.invalid(
                    "request body must be multipart/form-data with a file named \"" + FIELD + "\": " + e.getMessage());
        } catch (StoreException e) {
            throw ArtifactFinder.toApi(e);
        } catch (IOException e) {
            throw ApiException.invalid("the upload of artifact \"" + artifact + "\" broke off: " + e.getMessage());
        } finally {
            turns.release();
        }
    }

    private String take(Argument argument, FileItemStream part) throws IOException {
        String fileName = part.getName() == null ? "" : part.getName();
        Located place = places.place(argument, fileName);
        try (InputStream content = part.openStream()) {
            StoredObject object = new IncomingFile(place).take(content);
            LOG.infof(
                    "took %d bytes for artifact %s of template %s/%s",
                    object.sizeBytes(), argument.name(), argument.namespace(), argument.template());
        }
        return place.key();
    }

    private static FileUpload form() {
        FileUpload form = new FileUpload();
        form.setPartHeaderSizeMax(MOST_PART_HEADERS);
        form.setFileCountMax(1);
        form.setHeaderEncoding("UTF-8");
        return form;
    }

    private record Form(@Nullable String contentType, InputStream body) implements RequestContext {
        @Override
        public String getCharacterEncoding() {
            return "UTF-8";
        }

        @Override
        public @Nullable String getContentType() {
            return contentType;
        }

        @Override
        @Deprecated
        @SuppressWarnings("InlineMeSuggester") // the library's name for it, which it doesn't use for streams
        public int getContentLength() {
            return -1;
        }

        @Override
        public InputStream getInputStream() {
            return body;
        }
    }
}
