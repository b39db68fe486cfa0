package io.tiphys.executor.stage;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.apache.commons.compress.archivers.zip.ZipArchiveEntry;
import org.apache.commons.compress.archivers.zip.ZipArchiveOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UnpackerTest {
    private static final Path EMISSARY = Path.of("target/dist/tiphys/emissary").toAbsolutePath();

    @TempDir
    @SuppressWarnings("NullAway.Init") // JUnit sets it
    Path temp;

    private Path target() {
        return temp.resolve("inputs/data");
    }

    @Test
    void singleFileTakesTheTargetsName() throws IOException {
        untar(new Tar().file("some-name", "hi", 0640));
        assertThat(target()).hasContent("hi");
        assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(target())))
                .isEqualTo("rw-r-----");
    }

    @Test
    void severalMembersBecomeADirectory() throws IOException {
        untar(new Tar().file("./a", "1", 0644).file("b/c", "2", 0644).link("b/d", "../a"));
        assertThat(target().resolve("a")).hasContent("1");
        assertThat(target().resolve("b/d")).isSymbolicLink().hasContent("1");
    }

    @Test
    void directoryWithoutWritePermissionIsFilledAllTheSame() throws IOException {
        untar(new Tar().directory("top/", 0500).file("top/a", "1", 0400));
        assertThat(target().resolve("a")).hasContent("1");
        Files.setPosixFilePermissions(target(), PosixFilePermissions.fromString("rwx------"));
    }

    @ParameterizedTest
    @ValueSource(strings = {"../evil", "a/../../evil", "/../evil"})
    void namesThatLeadOutAreRefused(String name) {
        assertThatThrownBy(() -> untar(new Tar().file(name, "x", 0644).file("other", "y", 0644)))
                .hasMessageContaining("leads out of the archive");
        assertThat(temp.resolve("inputs/evil")).doesNotExist();
        assertThat(temp.resolve("evil")).doesNotExist();
    }

    @Test
    void absoluteNamesStayInside() throws IOException {
        untar(new Tar().file("/etc/passwd", "x", 0644).file("b", "y", 0644));
        assertThat(target().resolve("etc/passwd")).hasContent("x");
    }

    @Test
    void nothingIsWrittenThroughALink() throws IOException {
        var outside = Files.createDirectory(temp.resolve("outside"));
        assertThatThrownBy(() -> untar(new Tar().link("dir", outside.toString()).file("dir/evil", "x", 0644)))
                .hasMessageContaining("lies behind the link");
        assertThat(outside).isEmptyDirectory();
    }

    @Test
    void hardLinkToTheOutsideIsRefused() {
        assertThatThrownBy(() -> untar(new Tar().hardLink("mine", "../../etc/passwd")))
                .hasMessageContaining("leads out of the archive");
        assertThatThrownBy(() -> untar(new Tar().link("l", "/etc/passwd").hardLink("mine", "l")))
                .hasMessageContaining("no file of the archive");
    }

    @Test
    void devicesAndSetUidBitsAreLeftOut() throws IOException {
        untar(new Tar().device("null").file("suid", "x", 04755).file("b", "y", 0644));
        assertThat(target().resolve("null")).doesNotExist();
        assertThat((Integer) Files.getAttribute(target().resolve("suid"), "unix:mode") & 07777)
                .isEqualTo(0755);
    }

    @Test
    void zipKeepsModesAndRefusesTheSame() throws IOException {
        var zip = temp.resolve("a.zip");
        try (var out = new ZipArchiveOutputStream(zip.toFile())) {
            var entry = new ZipArchiveEntry("dir/run");
            entry.setUnixMode(0100755);
            out.putArchiveEntry(entry);
            out.write("x".getBytes(UTF_8));
            out.closeArchiveEntry();
        }
        Files.createDirectories(target().getParent());
        Unpacker.unzip(zip, target(), EMISSARY, UnpackLimits.DEFAULT);
        assertThat(target().resolve("run")).isExecutable();
        try (var out = new ZipArchiveOutputStream(zip.toFile())) {
            out.putArchiveEntry(new ZipArchiveEntry("../evil"));
            out.closeArchiveEntry();
        }
        assertThatThrownBy(() -> Unpacker.unzip(zip, target(), EMISSARY, UnpackLimits.DEFAULT))
                .hasMessageContaining("leads out of the archive");
    }

    @Test
    void archiveThatBecomesTooMuchIsRefused() throws IOException {
        var few = new UnpackLimits(3, 2, 4, 50, 1000, 10);
        assertRefused(few, "more than 10 times as large", new Tar().file("bomb", "x".repeat(500_000), 0644));
        assertRefused(
                few,
                "more than 3 members",
                new Tar()
                        .file("a", "", 0644)
                        .file("b", "", 0644)
                        .file("c", "", 0644)
                        .file("d", "", 0644));
        assertRefused(
                few,
                "more than 2 symbolic links",
                new Tar().link("a", "x").link("b", "x").link("c", "x"));
        assertRefused(few, "more than 4 directories deep", new Tar().file("a/b/c/d/e", "", 0644));
        assertRefused(few, "longer than 50 bytes", new Tar().file("a".repeat(60), "", 0644));
    }

    private void assertRefused(UnpackLimits limits, String reason, Tar tar) {
        assertThatThrownBy(() -> {
                    Files.createDirectories(target().getParent());
                    Unpacker.untar(new ByteArrayInputStream(tar.gzipped()), target(), EMISSARY, limits);
                })
                .hasMessageContaining(reason);
        assertThat(target()).doesNotExist();
    }

    @Test
    void stretchesOfZerosAreHolesAndCountForNothing() throws IOException {
        var bytes = new byte[3_000_000];
        bytes[1_000_000] = 1;
        var tar = new Tar().file("zeros", new String(bytes, US_ASCII), 0644).gzipped();
        Files.createDirectories(target().getParent());
        Unpacker.untar(new ByteArrayInputStream(tar), target(), EMISSARY, new UnpackLimits(10, 10, 10, 100, 40_000, 1));
        assertThat(target()).hasBinaryContent(bytes);
    }

    @Test
    void laterMembersTakeThePlaceOfEarlierOnes() throws IOException {
        untar(new Tar()
                .file("a", "old", 0644)
                .hardLink("same", "a")
                .file("a", "new", 0644)
                .link("l", "/etc/passwd")
                .file("l", "no link", 0644));
        assertThat(target().resolve("a")).hasContent("new");
        assertThat(target().resolve("same")).hasContent("old");
        assertThat(target().resolve("l")).hasContent("no link").isRegularFile();
    }

    @Test
    void directoryThatIsALinkLaterIsRefused() {
        assertThatThrownBy(() -> untar(new Tar().file("d/a", "1", 0644).link("d", "/tmp")))
                .hasMessageContaining("is a directory and a symbolic link");
    }

    @Test
    void gzippedTarIsRecognisedAndOtherGzipIsNot() throws IOException {
        assertThat(InputStager.isGzippedTar(new Tar().file("a", "1", 0644).gzipped()))
                .isTrue();
        var gzip = new ByteArrayOutputStream();
        try (OutputStream out = new GZIPOutputStream(gzip)) {
            out.write(new byte[2000]);
        }
        assertThat(InputStager.isGzippedTar(gzip.toByteArray())).isFalse();
        assertThat(InputStager.isGzippedTar("plain".getBytes(UTF_8))).isFalse();
    }

    private void untar(Tar tar) throws IOException {
        Files.createDirectories(target().getParent());
        Unpacker.untar(new ByteArrayInputStream(tar.gzipped()), target(), EMISSARY, UnpackLimits.DEFAULT);
    }

    private static final class Tar {
        private final ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        private final TarArchiveOutputStream out = new TarArchiveOutputStream(bytes);

        Tar file(String name, String content, int mode) throws IOException {
            var entry = new TarArchiveEntry(name, true);
            entry.setSize(content.length());
            entry.setMode(mode);
            return add(entry, content);
        }

        Tar directory(String name, int mode) throws IOException {
            var entry = new TarArchiveEntry(name, TarConstants.LF_DIR);
            entry.setMode(mode);
            return add(entry, "");
        }

        Tar link(String name, String target) throws IOException {
            var entry = new TarArchiveEntry(name, TarConstants.LF_SYMLINK);
            entry.setLinkName(target);
            return add(entry, "");
        }

        Tar hardLink(String name, String target) throws IOException {
            var entry = new TarArchiveEntry(name, TarConstants.LF_LINK);
            entry.setLinkName(target);
            return add(entry, "");
        }

        Tar device(String name) throws IOException {
            return add(new TarArchiveEntry(name, TarConstants.LF_CHR), "");
        }

        private Tar add(TarArchiveEntry entry, String content) throws IOException {
            out.putArchiveEntry(entry);
            out.write(content.getBytes(UTF_8));
            out.closeArchiveEntry();
            return this;
        }

        byte[] gzipped() throws IOException {
            out.close();
            var gzip = new ByteArrayOutputStream();
            try (OutputStream packed = new GZIPOutputStream(gzip)) {
                packed.write(bytes.toByteArray());
            }
            return gzip.toByteArray();
        }
    }
}
