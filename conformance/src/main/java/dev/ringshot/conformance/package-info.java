/// Cases that say what io_uring does, run on every kernel at hand, and a table of what they cover.
///
/// - A **case** is a method `void claim(Rig t)` marked [Case] in a class of
///   [dev.ringshot.conformance.cases]; the class is a [Topic]. [Spec] names the clauses it shows,
///   [Needs] what a kernel must have for it. It pokes raw SQEs by a
///   [dev.ringshot.conformance.rig.RawRing] and compares the CQEs it gets with those it expects; an
///   expectation may differ by [dev.ringshot.model.Release]. A new topic is listed in [Suite].
/// - [ConformanceRun] runs them on a kernel by name: `linux` (the running one, every errno
///   captured), `model:7.3`, `model:6.18`, `model:patch-v4`, `model:6.17`. Each case runs twice,
///   the second time under [dev.ringshot.conformance.watch.CheckedKernel]. The result is a
///   [Report].
/// - `clauses.txt` restates, sentence by sentence, what is known of the kernel. [Coverage] maps
///   each clause to its cases, or to why there is none: `COVERAGE.md`, which a test keeps fresh. A
///   new clause takes the next number of its section; numbers are never used again.
///
/// What was read and what was measured may differ: the clause says what was measured, and where.
/// The tests of this module also compare the CQEs that Linux and the model of the same release post
/// in each case; for that every completion that a case compares is kept ([Outcome.Passed]). A case
/// that takes completions without comparing them as a whole (descriptors, times) keeps none.
///
/// No case waits without a limit. Nothing sleeps: that nothing comes is shown by an enter that runs
/// all pending task work, and a few milliseconds' wait where only time can tell.
///
/// ## Differences from Linux
///
/// None: this module describes Linux. What the model does not have yet is skipped, and each skip
/// names it.
@NullMarked
package dev.ringshot.conformance;

import org.jspecify.annotations.NullMarked;
