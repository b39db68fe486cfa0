package io.tiphys.controller.locks;

import io.tiphys.messages.LockMessage;
import org.jspecify.annotations.Nullable;

/** A wish as it stands. */
public record Standing(LockMessage.Wanted wish, LockMessage.@Nullable Answered answer) {}
