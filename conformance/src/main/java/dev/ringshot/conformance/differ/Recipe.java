package dev.ringshot.conformance.differ;

import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// A way to make an SQE.
///
/// @param weight how often, in relation to others
/// @param isFree whether a worker or a timer has a say in when it completes ([Freedom])
/// @param make draws one; null if there is nothing to make it of just now
record Recipe(int weight, boolean isFree, Supplier<@Nullable Entry> make) {}
