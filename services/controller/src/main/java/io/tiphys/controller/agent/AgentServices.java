package io.tiphys.controller.agent;

import io.tiphys.pods.AgentPlanner;

/** What the shards of a replica need for agents. */
public record AgentServices(TaskSetGateway taskSets, Plugins plugins, AgentPlanner planner) {}
