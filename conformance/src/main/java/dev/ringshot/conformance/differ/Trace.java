package dev.ringshot.conformance.differ;

import java.util.List;

/// What a program saw: a moment a step, and what was there at its end.
public record Trace(List<Moment> moments, List<String> end) {}
