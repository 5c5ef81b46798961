/// Drivers for the model, as examples and for `ringshot events`: [Ticker], the smallest one, and
/// [Nic], a device with several queues whose interrupts come on several threads.
@NullMarked
package dev.ringshot.cli.device;

import org.jspecify.annotations.NullMarked;
