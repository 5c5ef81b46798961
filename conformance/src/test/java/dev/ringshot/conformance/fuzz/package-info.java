/// Hostile programs: whatever a client can pass to the model, passed to it.
///
/// A [dev.ringshot.conformance.fuzz.HostileProgram] is a function of some bytes, which a
/// [dev.ringshot.conformance.fuzz.Dice] reads; a seed stands for bytes drawn from it. Each program
/// has a kernel of its own, with all that can be open in it
/// ([dev.ringshot.conformance.fuzz.World]), and makes calls: most are valid ones with something
/// changed ([dev.ringshot.conformance.fuzz.SqeForge],
/// [dev.ringshot.conformance.fuzz.RegisterForge]), so that they come far.
///
/// What may not happen is said in one place each: in [dev.ringshot.conformance.fuzz.FuzzedRing] for
/// completions, in [dev.ringshot.conformance.fuzz.HostileProgram] for calls and hangs, in
/// [dev.ringshot.conformance.fuzz.Watchdog] for calls that do not end.
///
/// It is here, and not with the model, because it needs the reference device, the driver that does
/// whatever a program tells it to; and with the tests, because nothing else may ever run it: a
/// program like these is not for a kernel that is anybody else's.
@NullMarked
package dev.ringshot.conformance.fuzz;

import org.jspecify.annotations.NullMarked;
