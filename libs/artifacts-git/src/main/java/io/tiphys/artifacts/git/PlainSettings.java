package io.tiphys.artifacts.git;

import org.eclipse.jgit.lib.Config;
import org.eclipse.jgit.storage.file.FileBasedConfig;
import org.eclipse.jgit.util.FS;
import org.eclipse.jgit.util.SystemReader;

/**
 * JGit's settings for the whole process: none of the user that this runs as, and no collection of garbage. After each fetch JGit would look
 * for garbage in the background, with a lock file in a work tree that is being packed and removed.
 */
final class PlainSettings extends SystemReader.Delegate {
    private PlainSettings(SystemReader machine) {
        super(machine);
    }

    /** Once is enough; more does no harm. */
    static synchronized void install() {
        var current = SystemReader.getInstance();
        if (!(current instanceof PlainSettings)) {
            SystemReader.setInstance(new PlainSettings(current));
        }
    }

    @Override
    public FileBasedConfig openUserConfig(Config parent, FS fs) {
        var settings = new FileBasedConfig(parent, null, fs) {
            @Override
            public void load() {
                // there is no file
            }

            @Override
            public boolean isOutdated() {
                return false;
            }
        };
        settings.setBoolean("gc", null, "autoDetach", false);
        settings.setInt("gc", null, "auto", 0);
        return settings;
    }
}
