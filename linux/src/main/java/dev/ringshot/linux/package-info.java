/// The running Linux kernel behind the seam: system calls through libc's own symbols, by the FFM
/// API. No JNI, nothing bundled, x86-64 and aarch64, any libc.
///
/// - [LinuxKernel] is [dev.ringshot.abi.Kernel]: the seven calls a ring lives by. Beside it,
///   [LinuxKernel#setupFailure] says what to do when a machine refuses a ring.
/// - [LinuxFiles] is [dev.ringshot.abi.HostFiles]: real files for a kernel in Java.
/// - [LinuxProcess] sets up the process and threads of a server. For programs only.
///
/// The module needs `--enable-native-access=dev.ringshot.linux` (on the class path: `ALL-UNNAMED`).
/// What to know before using it:
///
/// - **Threads.** All three types are thread-safe. A waiting call holds its platform thread, so a
///   ring belongs on one. The JVM's own signals interrupt waits: `-EINTR` is a normal answer.
/// - **Memory.** A ring ends when its descriptor is closed *and* its last mapping is unmapped. Its
///   armed requests then end without a completion, and their files are released. Memory that a
///   pending request writes to must stay mapped until that request has ended: Linux does not stop
///   it, it fails, or writes to whatever is there by then.
/// - **Cost.** [LinuxKernel#enter] allocates nothing. The other calls are rare ones. Unmapping
///   costs some 10 microseconds, for it waits until no thread is inside an access.
///
/// ## Differences from Linux
///
/// What the binding adds to the system calls, or hides. [LinuxKernel#capturing] has only those
/// marked (*).
///
/// - Results are `-errno` (*).
/// - `enter` without `IORING_ENTER_EXT_ARG` that fails is made twice, see [LinuxKernel]. `EBADR` is
///   answered as `-EINTR`. After `EAGAIN` the entries may have been submitted, without a wait.
/// - `open` adds `O_CLOEXEC` and creates with mode 0; a path with a NUL character is `-EINVAL` (*).
/// - `map` is always `MAP_SHARED`, lets the kernel choose the address, and refuses protections
///   other than read, write and both with `EINVAL` (*).
/// - `unmap` takes whole mappings only, of this very object, once: else `-EINVAL`. A segment that a
///   foreign call is using cannot be unmapped: `-EBUSY` (*).
@NullMarked
package dev.ringshot.linux;

import org.jspecify.annotations.NullMarked;
