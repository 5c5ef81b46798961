package dev.ringshot.ublk;

import dev.ringshot.ring.Ring;

/// A disk that does what a test says.
final class Scripted implements BlockTarget {
  @FunctionalInterface
  interface Script {
    void submit(BlockRequest request, Ring ring);
  }

  static final long SIZE = 1 << 20;

  private final BlockLimits limits;
  Script script;

  Scripted(Script script) {
    this(BlockLimits.DEFAULT, script);
  }

  Scripted(BlockLimits limits, Script script) {
    this.limits = limits;
    this.script = script;
  }

  @Override
  public long size() {
    return SIZE;
  }

  @Override
  public BlockLimits limits() {
    return limits;
  }

  @Override
  public void submit(BlockRequest request, Ring ring) {
    script.submit(request, ring);
  }
}
