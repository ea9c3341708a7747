package main

import (
	"context"
	"fmt"
	"os"

	bootstrap "github.com/envoyproxy/go-control-plane/envoy/config/bootstrap/v3"
	cluster "github.com/envoyproxy/go-control-plane/envoy/config/cluster/v3"
	route "github.com/envoyproxy/go-control-plane/envoy/config/route/v3"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/known/anypb"
	"sigs.k8s.io/yaml"

	// The extensions that the file names by type: without these their settings cannot be read.
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/access_loggers/stream/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/http/router/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/filters/network/http_connection_manager/v3"
	_ "github.com/envoyproxy/go-control-plane/envoy/extensions/upstreams/http/v3"
)

// envoy reads a file into the messages of Envoy's API, so that a misspelt name is an
// error, and asks each message, in extensions too, for the rules of its fields.
func envoy(_ context.Context, arguments []string) ([]string, error) {
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return nil, err
	}
	json, err := yaml.YAMLToJSONStrict(text)
	if err != nil {
		return nil, err
	}
	config := &bootstrap.Bootstrap{}
	if err := protojson.Unmarshal(json, config); err != nil {
		return nil, err
	}
	var findings []string
	clusters, routed := map[string]bool{}, []string{}
	report := func(err error) {
		if err != nil {
			findings = append(findings, err.Error())
		}
	}
	report(config.Validate())
	walk(config, report, func(message proto.Message) {
		switch message := message.(type) {
		case *cluster.Cluster:
			clusters[message.GetName()] = true
		case *route.RouteAction:
			routed = append(routed, message.GetCluster())
		}
	})
	for _, name := range routed {
		if !clusters[name] {
			findings = append(findings, fmt.Sprintf("a route leads to the cluster %q, which is not there", name))
		}
	}
	return findings, nil
}

// walk visits a message and all in it, and reports what is wrong with those that are
// packed, which the rules of the whole do not see.
func walk(message proto.Message, report func(error), visit func(proto.Message)) {
	if packed, is := message.(*anypb.Any); is {
		unpacked, err := packed.UnmarshalNew()
		if err != nil {
			report(err)
			return
		}
		if rules, has := unpacked.(interface{ Validate() error }); has {
			report(rules.Validate())
		}
		message = unpacked
	}
	visit(message)
	message.ProtoReflect().Range(func(field protoreflect.FieldDescriptor, value protoreflect.Value) bool {
		for _, inner := range messages(field, value) {
			walk(inner, report, visit)
		}
		return true
	})
}

func messages(field protoreflect.FieldDescriptor, value protoreflect.Value) (found []proto.Message) {
	switch {
	case field.IsMap() && field.MapValue().Message() != nil:
		value.Map().Range(func(_ protoreflect.MapKey, value protoreflect.Value) bool {
			found = append(found, value.Message().Interface())
			return true
		})
	case field.IsMap() || field.Message() == nil:
	case field.IsList():
		for i := range value.List().Len() {
			found = append(found, value.List().Get(i).Message().Interface())
		}
	default:
		found = append(found, value.Message().Interface())
	}
	return found
}
