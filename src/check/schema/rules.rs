//! The rules under which schema violations are reported.

use crate::check::rule::{Category, Rule, Scope};
use crate::finding::Severity;

const fn rule(name: &'static str, severity: Severity, docs: &'static str) -> Rule {
    Rule { name, docs, category: Category::Schema, severity, since: "0.1.0", scope: Scope::Schema, file: file!() }
}

/// A field that the kind does not have.
pub static UNKNOWN_FIELD: Rule = rule(
    "schema/unknown-field",
    Severity::Error,
    "A field must be one that the kind has.

The API server drops a field that it does not know, or refuses the object: either way it does not do what was meant.

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec:
  replica: 3 # <-
  selector:
    matchLabels:
      app: web
  template:
    metadata:
      labels:
        app: web
    spec:
      containers:
        - name: web
          image: nginx:1.29.3
```

```yaml good
apiVersion: v1
kind: ServiceAccount
metadata:
  name: web
automountServiceAccountToken: false
```
",
);

/// A field that the object must have.
pub static MISSING_FIELD: Rule = rule(
    "schema/missing-field",
    Severity::Error,
    "A field that the kind requires must be there.

The API server refuses the object. A field that is set to `null` counts as missing.

```yaml bad
apiVersion: apps/v1
kind: Deployment
metadata:
  name: web
spec: # <-
  replicas: 3
  selector:
    matchLabels:
      app: web
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  ports:
    - port: 80
```
",
);

/// A value of another type.
pub static WRONG_TYPE: Rule = rule(
    "schema/wrong-type",
    Severity::Error,
    "A value must have the type that its field wants.

Most often a number or a boolean where a string is wanted: labels, annotations, environment values and the data of a
ConfigMap are strings, so `true` and `8080` need quotes there.

```yaml bad
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  PORT: 8080 # <-
```

```yaml good
apiVersion: v1
kind: ConfigMap
metadata:
  name: web
data:
  PORT: \"8080\"
```
",
);

/// A text that is not in its field's format.
pub static WRONG_FORMAT: Rule = rule(
    "schema/wrong-format",
    Severity::Error,
    "A value must have the format that its field wants.

Quantities (`500m`, `1Gi`), dates, integers of 32 bits.

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.29.3
      resources:
        limits:
          memory: 512 MB # <-
```

```yaml good
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.29.3
      resources:
        limits:
          memory: 512Mi
```
",
);

/// A value that is none of those that fit.
pub static WRONG_VALUE: Rule = rule(
    "schema/wrong-value",
    Severity::Error,
    "A value must be one of those that its field takes.

Enumerated fields of Kubernetes, and the enumerations, limits and alternatives that a CRD sets.

```yaml bad
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: Loadbalancer # <-
  ports:
    - port: 80
```

```yaml good
apiVersion: v1
kind: Service
metadata:
  name: web
spec:
  type: LoadBalancer
  ports:
    - port: 80
```
",
);

/// Two items of a list that are the same thing.
pub static DUPLICATE_ITEM: Rule = rule(
    "schema/duplicate-item",
    Severity::Warning,
    "Items of a list that is kept by key must differ in it.

Server-side apply refuses the object; other clients keep the last item or both.

```yaml bad
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.29.3
      env:
        - name: A
          value: x
        - name: A # <-
          value: y
```

```yaml good
apiVersion: v1
kind: Pod
metadata:
  name: web
spec:
  containers:
    - name: web
      image: nginx:1.29.3
      env:
        - name: A
          value: x
        - name: B
          value: y
```
",
);

/// An API version that the cluster does not have.
pub static API_VERSION: Rule = rule(
    "schema/api-version",
    Severity::Error,
    "An object's API version must be one that the cluster's Kubernetes version serves.

The finding says since when it is gone, and what took its place.

```yaml bad
apiVersion: policy/v1beta1 # <-
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
```

```yaml good
apiVersion: policy/v1
kind: PodDisruptionBudget
metadata:
  name: web
spec:
  maxUnavailable: 1
```
",
);

/// A kind without a schema.
pub static NO_SCHEMA: Rule = rule(
    "schema/no-schema",
    Severity::Info,
    "Every kind should have a schema to be checked against.

A kind that is neither part of Kubernetes nor of a CustomResourceDefinition in the build passes unchecked. It is said
once a kind. Put its CRD into the build, and its objects are checked.

```yaml bad
apiVersion: example.com/v1 # <-
kind: Widget
metadata:
  name: web
```

```yaml good
apiVersion: v1
kind: Namespace
metadata:
  name: web
```
",
);

/// The rules of this room, by name.
pub const RULES: &[&Rule] = &[
    &API_VERSION,
    &DUPLICATE_ITEM,
    &MISSING_FIELD,
    &NO_SCHEMA,
    &UNKNOWN_FIELD,
    &WRONG_FORMAT,
    &WRONG_TYPE,
    &WRONG_VALUE,
];
