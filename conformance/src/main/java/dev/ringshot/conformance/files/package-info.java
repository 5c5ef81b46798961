/// Host files that keep only what they must: what a program that says "on stable storage" is tested
/// with.
///
/// ## Differences from Linux
///
/// Said of [dev.ringshot.conformance.files.PowerCutFiles].
@NullMarked
package dev.ringshot.conformance.files;

import org.jspecify.annotations.NullMarked;
