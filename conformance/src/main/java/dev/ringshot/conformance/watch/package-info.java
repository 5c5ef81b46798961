/// Kernels around a kernel. Each has the seam's interface, passes every call on, and adds one
/// thing:
///
/// - [CheckedKernel] claims what holds of every kernel, and throws [Violation] where it does not;
/// - [TracingKernel] writes calls, submissions and completions as strace would;
/// - [GuardedKernel] keeps a real Linux before 7.0 from commands that would stay in it for ever.
///
/// They may be stacked. All three look at the shared memory of rings through the mappings made by
/// their own [dev.ringshot.abi.Kernel#map], so they see rings whose memory was mapped through them;
/// of others they check nothing, but the guard then refuses to make them. For one thread at a time.
///
/// ## Differences from Linux
///
/// - [CheckedKernel] and [TracingKernel]: none.
/// - [GuardedKernel] refuses the commands it exists for, and SQPOLL rings that could submit them,
///   by throwing `IllegalStateException`, before the kernel is called.
@NullMarked
package dev.ringshot.conformance.watch;

import org.jspecify.annotations.NullMarked;
