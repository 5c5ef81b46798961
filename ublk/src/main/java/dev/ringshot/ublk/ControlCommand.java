package dev.ringshot.ublk;

import dev.ringshot.abi.ErrnoException;
import dev.ringshot.ring.CqeHandler;
import org.jspecify.annotations.Nullable;

/// A control command under way, see [UblkControl]. It belongs to that object's thread.
///
/// @param <T> what it answers
public final class ControlCommand<T> {
  /// Takes the answer out of the command's memory.
  ///
  /// @param <T> what it answers
  @FunctionalInterface
  interface Answer<T> {
    /// @param result of the command, not negative
    T read(int result);
  }

  /// Knows what an error means.
  @FunctionalInterface
  interface Advice {
    String of(int errno);
  }

  private final String name;
  private final Answer<T> answer;
  private final Advice advice;
  private final Runnable release;
  private final CqeHandler handler = this::end;
  private long userData;
  private boolean isDone;
  private int result;
  private @Nullable T value;

  ControlCommand(String name, Answer<T> answer, Advice advice, Runnable release) {
    this.name = name;
    this.answer = answer;
    this.advice = advice;
    this.release = release;
  }

  CqeHandler handler() {
    return handler;
  }

  void sentAs(long userData) {
    this.userData = userData;
  }

  long userData() {
    return userData;
  }

  private void end(int res, int flags) {
    isDone = true;
    result = res;
    if (res >= 0) value = answer.read(res);
    release.run();
  }

  /// The command's name, without its prefix: `START_DEV`.
  public String name() {
    return name;
  }

  /// Whether it has ended.
  public boolean isDone() {
    return isDone;
  }

  /// What it ended with: a value, or `-errno`.
  ///
  /// @throws IllegalStateException if it has not
  public int result() {
    if (!isDone) throw new IllegalStateException(name + " has not ended");
    return result;
  }

  /// What it answered.
  ///
  /// @throws ErrnoException if it failed; the message names the rule that was broken, and what to
  ///   do
  /// @throws IllegalStateException if it has not ended
  public T get() {
    if (result() >= 0 && value != null) return value;
    throw new ErrnoException(name, -result, advice.of(-result));
  }
}
