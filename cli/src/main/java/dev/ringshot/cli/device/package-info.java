/// Drivers for the model, as examples and for `ringshot events`: [Ticker], the smallest one, and
/// [Nic], a device with several queues whose interrupts come on several threads.
///
/// Both are ended by a command of their own, since Linux cannot cancel a command that is parked in
/// a driver, and both end what is armed when its ring goes away.
///
/// ## Differences from Linux
///
/// Linux has no such devices. What they may call and when is as there; see
/// [dev.ringshot.model.UringCmd].
@NullMarked
package dev.ringshot.cli.device;

import org.jspecify.annotations.NullMarked;
