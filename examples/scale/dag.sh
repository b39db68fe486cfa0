#!/bin/sh
# A dag of as many named tasks as you say (20,000 if you don't), each after the one with half its number: a manifest of several MB, more
# than fits into an object of the Kubernetes API. Try: sh examples/scale/dag.sh 20000 | ./tiphys submit --wait -
awk -v n="${1:-20000}" 'BEGIN {
  print "{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"Workflow\",\"metadata\":{\"generateName\":\"scale-dag-\"},"
  print "\"spec\":{\"entrypoint\":\"main\",\"podGC\":{\"strategy\":\"OnPodCompletion\"},\"templates\":["
  print "{\"name\":\"work\",\"inputs\":{\"parameters\":[{\"name\":\"number\"}]},\"container\":{\"image\":\"alpine:3.20\","
  print "\"command\":[\"test\",\"{{inputs.parameters.number}}\",\"-gt\",\"0\"]}},"
  print "{\"name\":\"main\",\"dag\":{\"tasks\":["
  for (i = 1; i <= n; i++) {
    printf "{\"name\":\"task-%d\",\"template\":\"work\",\"arguments\":{\"parameters\":[{\"name\":\"number\",\"value\":\"%d\"}]}", i, i
    if (i > 1) printf ",\"depends\":\"task-%d.Succeeded\"", i / 2
    print i < n ? "}," : "}"
  }
  print "]}}]}}"
}'
