package dev.ringshot.conformance.rig;

import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemoryLayout.PathElement;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;

/// Calls libc functions by name; for tests, so clear before fast.
///
/// Every argument travels as 64 bits: on x86-64 and aarch64 the first six each have a register of
/// their own, and a function with an `int` parameter looks at the lower half.
final class Libc {
  private static final Linker LINKER = Linker.nativeLinker();
  private static final MemoryLayout STATE = Linker.Option.captureStateLayout();
  private static final VarHandle ERRNO = STATE.varHandle(PathElement.groupElement("errno"));

  private final MemorySegment state = Arena.global().allocate(STATE);
  private final Map<String, MethodHandle> functions = new HashMap<>();

  /// A function that returns an `int`, or -1 and errno.
  ///
  /// @return its value, or `-errno`
  int call(String function, long... arguments) {
    int value = (int) callLong(function, arguments);
    return value == -1 ? -errno() : value;
  }

  /// A function that returns a pointer, or -1 and errno.
  ///
  /// @return the address, or `-errno`
  long callForAddress(String function, long... arguments) {
    long value = callLong(function, arguments);
    return value == -1 ? -errno() : value;
  }

  private long callLong(String function, long... arguments) {
    MethodHandle handle = functions.computeIfAbsent(function, name -> link(name, arguments.length));
    var all = new Object[arguments.length + 1];
    all[0] = state;
    for (int i = 0; i < arguments.length; i++) all[i + 1] = arguments[i];
    try {
      return (long) handle.invokeWithArguments(all);
    } catch (Throwable e) {
      throw new AssertionError(function, e);
    }
  }

  private int errno() {
    return (int) ERRNO.get(state, 0L);
  }

  @SuppressWarnings("restricted") // LinuxHost is the one class of this module that reaches Linux
  private static MethodHandle link(String function, int arity) {
    var arguments = new MemoryLayout[arity];
    Arrays.fill(arguments, JAVA_LONG);
    return LINKER.downcallHandle(
        LINKER.defaultLookup().findOrThrow(function),
        FunctionDescriptor.of(JAVA_LONG, arguments),
        Linker.Option.captureCallState("errno"));
  }

  /// Memory that this process mapped itself.
  @SuppressWarnings("restricted")
  static MemorySegment memory(long address, long length) {
    return MemorySegment.ofAddress(address).reinterpret(length);
  }
}
