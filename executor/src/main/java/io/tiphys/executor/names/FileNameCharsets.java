package io.tiphys.executor.names;

import java.nio.charset.Charset;
import java.nio.charset.spi.CharsetProvider;
import java.util.Iterator;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Lets {@link Charset#forName} find the charset of {@link FileNames}; the tar library takes a charset by name only. */
public final class FileNameCharsets extends CharsetProvider {
    @Override
    public Iterator<Charset> charsets() {
        return List.of(FileNames.charset()).iterator();
    }

    @Override
    public @Nullable Charset charsetForName(String name) {
        return name.equalsIgnoreCase(FileNames.CHARSET) ? FileNames.charset() : null;
    }
}
