package io.tiphys.pods;

/** Inside this package: what an image starts must be known first. Leaves it as {@link DesiredPod.ImageUnknown}. */
final class ImageUnknownException extends RuntimeException {
    private final String image;

    ImageUnknownException(String image, String message) {
        super(message);
        this.image = image;
    }

    String image() {
        return image;
    }

    String reason() {
        return String.valueOf(getMessage());
    }
}
