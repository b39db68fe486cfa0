#!/bin/sh
# A container with 100,000 arguments, 5 MB in all: they reach it in a file, since no pod's object has room for them.
# Try: sh examples/scale/long-args.sh | ./tiphys submit --wait -
awk -v n="${1:-100000}" 'BEGIN {
  print "{\"apiVersion\":\"argoproj.io/v1alpha1\",\"kind\":\"Workflow\",\"metadata\":{\"generateName\":\"scale-args-\"},"
  print "\"spec\":{\"entrypoint\":\"main\",\"templates\":[{\"name\":\"main\","
  print "\"outputs\":{\"parameters\":[{\"name\":\"count\",\"valueFrom\":{\"path\":\"/tmp/count\"}}]},"
  print "\"container\":{\"image\":\"alpine:3.20\",\"command\":[\"sh\",\"-c\",\"echo $# > /tmp/count\",\"sh\"],\"args\":["
  for (i = 1; i <= n; i++) printf "\"%050d\"%s\n", i, i < n ? "," : ""
  print "]}}]}}"
}'
