/// The cases, one class per topic.
@NullMarked
package dev.ringshot.conformance.cases;

import org.jspecify.annotations.NullMarked;
