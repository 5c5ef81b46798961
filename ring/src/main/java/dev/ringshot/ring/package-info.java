/// One io_uring, used from one thread: prepare requests, run the ring, and handlers hear how they
/// went.
@NullMarked
package dev.ringshot.ring;

import org.jspecify.annotations.NullMarked;
