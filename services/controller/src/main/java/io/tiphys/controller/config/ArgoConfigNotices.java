package io.tiphys.controller.config;

import io.quarkus.runtime.StartupEvent;
import io.tiphys.settings.ArgoConfigSourceFactory;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import org.eclipse.microprofile.config.Config;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says at the start what of Argo's controller ConfigMap has no effect here. */
@ApplicationScoped
class ArgoConfigNotices {
    private static final Logger LOG = LoggerFactory.getLogger(ArgoConfigNotices.class);

    void onStart(@Observes StartupEvent event, Config config) {
        config.getOptionalValue(ArgoConfigSourceFactory.NOTICES, String.class)
                .ifPresent(notices -> notices.lines().forEach(notice -> LOG.warn("Argo's ConfigMap: {}", notice)));
    }
}
