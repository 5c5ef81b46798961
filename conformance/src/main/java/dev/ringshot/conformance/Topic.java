package dev.ringshot.conformance;

import dev.ringshot.conformance.rig.Need;
import dev.ringshot.conformance.rig.Rig;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.Stream;

/// The cases of one class, which is what a row of the result table shows.
///
/// @param name the class's simple name without `Cases`
public record Topic(String name, Class<?> type) {
  /// The topic that `type` is.
  public static Topic of(Class<?> type) {
    return new Topic(type.getSimpleName().replaceFirst("Cases$", ""), type);
  }

  /// Its cases, by name.
  public List<TestCase> cases() {
    return Stream.of(type.getDeclaredMethods())
        .filter(method -> method.isAnnotationPresent(Case.class))
        .sorted(Comparator.comparing(Method::getName))
        .map(method -> new TestCase(this, method))
        .toList();
  }

  /// One case.
  public record TestCase(Topic topic, Method method) {
    /// `Topic.claim`.
    public String name() {
      return topic.name() + "." + method.getName();
    }

    /// The clauses it proves.
    public List<String> spec() {
      Spec spec = method.getAnnotation(Spec.class);
      return spec == null ? List.of() : List.of(spec.value());
    }

    /// What it needs.
    public List<Need> needs() {
      List<Need> all = new ArrayList<>();
      for (var element : List.of(topic.type(), method)) {
        Needs needs = element.getAnnotation(Needs.class);
        if (needs != null) all.addAll(List.of(needs.value()));
      }
      return all;
    }

    /// Runs it; throws what the case throws.
    void run(Rig rig) throws Throwable {
      Object subject = topic.type().getConstructor().newInstance();
      try {
        method.invoke(subject, rig);
      } catch (InvocationTargetException e) {
        throw e.getCause();
      }
    }
  }
}
