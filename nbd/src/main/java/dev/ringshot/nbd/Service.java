package dev.ringshot.nbd;

import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;

/// What the connections of one server share.
///
/// @param deadlines where time limits wait; what runs there must not wait
/// @param over hears of each connection that is over, on any thread
record Service(
    Export export,
    NbdOptions options,
    BufferPool pool,
    System.Logger log,
    ScheduledExecutorService deadlines,
    Consumer<Connection> over) {}
