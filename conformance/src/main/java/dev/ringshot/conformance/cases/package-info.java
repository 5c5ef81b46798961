/// The cases, one class per topic; [dev.ringshot.conformance] says how they are written.
///
/// A parametrised row is one case. Commands with MULTISHOT and buffer select go only to files that
/// have no handler (`/dev/zero`), to descriptors that are not open, to
/// `SOCKET_URING_OP_TX_TIMESTAMP` and to the reference device: a Linux before 7.0 may keep any
/// other for ever.
///
/// ## Differences from Linux
///
/// None: the cases are written on Linux.
@NullMarked
package dev.ringshot.conformance.cases;

import org.jspecify.annotations.NullMarked;
