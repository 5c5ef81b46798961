/// What a case works with.
///
/// - [Rig]: everything a case opens, which ends with it; begins with a [Platform]: a kernel, its
///   [Host], and what it lacks ([Need]).
/// - [RawRing]: a ring poked by hand, [BufferGroup]: a provided buffer ring filled by hand,
///   [BufferRegistration]: the struct that registers one, right or wrong.
/// - [Completion]: one CQE as a value, shown by the names of its errno and flags. [Claim]: what a
///   case says of any other value.
/// - [LinuxHost] needs native access for this module; it is for tests of the kernel and for nothing
///   else. What the model's host lacks skips the case.
///
/// ## Differences from Linux
///
/// - [Host#read] answers `-EAGAIN` instead of blocking.
/// - On the model, [Host#poll] does not wait: in virtual time what is not ready now will not be.
@NullMarked
package dev.ringshot.conformance.rig;

import org.jspecify.annotations.NullMarked;
