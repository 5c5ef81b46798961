package dev.ringshot.linux;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;
import static java.lang.foreign.ValueLayout.JAVA_SHORT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.invoke.MethodHandle;

/// What these tests need of libc beside the module's own calls.
final class Posix {
  private static final int AF_UNIX = 1;
  private static final int SOCK_STREAM = 1;
  private static final int SIGURG = 23;

  private static final MethodHandle SOCKETPAIR =
      Libc.capturing(
          "socketpair", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT, ADDRESS));
  private static final MethodHandle POLL =
      Libc.capturing("poll", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
  private static final MethodHandle SIGNAL =
      Libc.capturing("signal", FunctionDescriptor.of(JAVA_LONG, JAVA_INT, ADDRESS));
  private static final MethodHandle GETPID = Libc.plain("getpid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle GETTID = Libc.plain("gettid", FunctionDescriptor.of(JAVA_INT));
  private static final MethodHandle TGKILL =
      Libc.capturing("tgkill", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT));

  private static final MethodHandle EPOLL_CREATE1 =
      Libc.capturing("epoll_create1", FunctionDescriptor.of(JAVA_INT, JAVA_INT));

  private Posix() {}

  /// A new epoll(7) instance.
  static int epoll() {
    try {
      var state = Libc.state();
      long result = Libc.result((int) EPOLL_CREATE1.invokeExact(state, 0), state);
      check(result);
      return (int) result;
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// Two connected stream sockets.
  static int[] socketPair() {
    try (var arena = Arena.ofConfined()) {
      var pair = arena.allocate(JAVA_INT, 2);
      var state = Libc.state();
      int result = (int) SOCKETPAIR.invokeExact(state, AF_UNIX, SOCK_STREAM, 0, pair);
      check(Libc.result(result, state));
      return pair.toArray(JAVA_INT);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// poll(2) of one descriptor: the events that came, 0 after `timeoutMillis`.
  static int poll(int fd, int events, int timeoutMillis) {
    try (var arena = Arena.ofConfined()) {
      var pollfd = arena.allocate(8, 4);
      pollfd.set(JAVA_INT, 0, fd);
      pollfd.set(JAVA_SHORT, 4, (short) events);
      var state = Libc.state();
      check(Libc.result((int) POLL.invokeExact(state, pollfd, 1L, timeoutMillis), state));
      return pollfd.get(JAVA_SHORT, 6);
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  static int currentThread() {
    try {
      return (int) GETTID.invokeExact();
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// Gives SIGURG, which nothing in a JVM uses, a handler that does nothing: libc's `abs`.
  static void handleInterrupts() {
    var handler = Linker.nativeLinker().defaultLookup().findOrThrow("abs");
    try {
      var state = Libc.state();
      check(Libc.result((long) SIGNAL.invokeExact(state, SIGURG, handler), state));
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  /// Interrupts whichever system call a thread of this process is in.
  ///
  /// @param thread its [#currentThread]
  /// @return false if it has ended
  static boolean interrupt(int thread) {
    try {
      var state = Libc.state();
      return (int) TGKILL.invokeExact(state, (int) GETPID.invokeExact(), thread, SIGURG) == 0;
    } catch (Throwable t) {
      throw Libc.unchecked(t);
    }
  }

  private static void check(long result) {
    if (result < 0) throw new AssertionError("errno " + -result);
  }
}
