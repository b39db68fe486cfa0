package io.tiphys.pods;

import io.tiphys.transfer.Capability;

/** Makes the token that a pod shows to the uploader. */
@FunctionalInterface
public interface CapabilitySigner {
    String sign(Capability capability);
}
