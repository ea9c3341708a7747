package main

import (
	"bytes"
	"context"
	"encoding/json"
	"os"

	"sigs.k8s.io/yaml"
)

func showCompose(ctx context.Context, arguments []string) ([]string, error) {
	project, err := load(ctx, arguments[0])
	if err != nil {
		return nil, err
	}
	return nil, json.NewEncoder(os.Stdout).Encode(project)
}

func showYAML(_ context.Context, arguments []string) ([]string, error) {
	text, err := os.ReadFile(arguments[0])
	if err != nil {
		return nil, err
	}
	var documents []json.RawMessage
	for _, document := range bytes.Split(text, []byte("\n---\n")) {
		json, err := yaml.YAMLToJSONStrict(document)
		if err != nil {
			return nil, err
		}
		documents = append(documents, json)
	}
	return nil, json.NewEncoder(os.Stdout).Encode(documents)
}
