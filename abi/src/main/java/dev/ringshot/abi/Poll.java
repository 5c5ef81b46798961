package dev.ringshot.abi;

/// Event masks of poll(2) and epoll_ctl(2), as `sqe.poll32_events` has them, from
/// `<asm-generic/poll.h>` and `<linux/eventpoll.h>`. A `POLL*` and its `EPOLL*` are the same bit.
public final class Poll {
  // ---- poll(2)

  /// Data can be read.
  public static final int POLLIN = 1;

  /// Something exceptional, such as urgent data.
  public static final int POLLPRI = 2;

  /// Data can be written.
  public static final int POLLOUT = 1 << 2;

  /// An error, or nobody reads the other end; always reported.
  public static final int POLLERR = 1 << 3;

  /// The other end has hung up; always reported.
  public static final int POLLHUP = 1 << 4;

  /// Not an open descriptor; always reported.
  public static final int POLLNVAL = 1 << 5;

  /// As [#POLLIN].
  public static final int POLLRDNORM = 1 << 6;

  /// Priority data can be read.
  public static final int POLLRDBAND = 1 << 7;

  /// As [#POLLOUT].
  public static final int POLLWRNORM = 1 << 8;

  /// Priority data can be written.
  public static final int POLLWRBAND = 1 << 9;

  /// Unused by Linux.
  public static final int POLLMSG = 1 << 10;

  /// The peer has shut down its writing half.
  public static final int POLLRDHUP = 1 << 13;

  // ---- epoll_ctl(2)

  /// As [#POLLIN].
  public static final int EPOLLIN = 1;

  /// As [#POLLPRI].
  public static final int EPOLLPRI = 2;

  /// As [#POLLOUT].
  public static final int EPOLLOUT = 1 << 2;

  /// As [#POLLERR].
  public static final int EPOLLERR = 1 << 3;

  /// As [#POLLHUP].
  public static final int EPOLLHUP = 1 << 4;

  /// As [#POLLRDHUP].
  public static final int EPOLLRDHUP = 1 << 13;

  /// Wake one waiter, not all.
  public static final int EPOLLEXCLUSIVE = 1 << 28;

  /// One event, then none until armed again.
  public static final int EPOLLONESHOT = 1 << 30;

  /// Report changes, not states.
  public static final int EPOLLET = 1 << 31;

  private Poll() {}
}
