package dev.ringshot.linux;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.StructLayout;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.stream.Stream;

/// Binds libc's functions, and knows how they report errors: `-1`, and the reason in `errno`.
///
/// `errno` cannot be read by a later call, because the JVM makes system calls of its own in
/// between. So the linker copies it to memory as a part of the call. That memory belongs to the
/// calling thread and is allocated once a thread: an arena per call would cost more than the call.
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final SymbolLookup SYMBOLS = LINKER.defaultLookup();
  private static final Linker.Option CAPTURE = Linker.Option.captureCallState("errno");
  private static final StructLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO =
      STATE.varHandle(PathElement.groupElement("errno")).withInvokeExactBehavior();
  private static final ThreadLocal<MemorySegment> STATES =
      ThreadLocal.withInitial(() -> Arena.ofAuto().allocate(STATE));

  private Libc() {}

  /// A function whose errors the caller cannot tell apart: no `errno`.
  ///
  /// @throws UnsatisfiedLinkError if this libc has no such function
  @SuppressWarnings("restricted")
  static MethodHandle plain(String name, FunctionDescriptor type, Linker.Option... options) {
    return LINKER.downcallHandle(address(name), type, options);
  }

  /// A function that copies `errno` to its additional first argument, the thread's [#state].
  ///
  /// @throws UnsatisfiedLinkError if this libc has no such function
  @SuppressWarnings("restricted")
  static MethodHandle capturing(String name, FunctionDescriptor type, Linker.Option... options) {
    var all = Stream.concat(Stream.of(CAPTURE), Stream.of(options)).toArray(Linker.Option[]::new);
    return LINKER.downcallHandle(address(name), type, all);
  }

  /// Where this thread's capturing calls leave `errno`.
  static MemorySegment state() {
    return STATES.get();
  }

  /// The one place where `-1` and `errno` become `-errno`.
  ///
  /// @param result what a capturing function returned
  /// @param state what it was given
  static long result(long result, MemorySegment state) {
    return result == -1 ? -(int) ERRNO.get(state, 0L) : result;
  }

  /// Passes on what a downcall threw. None throws checked exceptions, though their type says so.
  static RuntimeException unchecked(Throwable thrown) {
    if (thrown instanceof RuntimeException e) return e;
    if (thrown instanceof Error e) throw e;
    throw new AssertionError(thrown);
  }

  private static MemorySegment address(String name) {
    return SYMBOLS
        .find(name)
        .orElseThrow(() -> new UnsatisfiedLinkError("libc has no function " + name));
  }
}
