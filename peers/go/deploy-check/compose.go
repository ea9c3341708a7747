package main

import (
	"context"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"sort"

	"github.com/compose-spec/compose-go/v2/cli"
	"github.com/compose-spec/compose-go/v2/types"
	"github.com/sirupsen/logrus"
)

// compose loads a file as `docker compose` does, with every profile, and then asks
// what the loader leaves to the engine: whether the files that it names are there,
// whether what is waited for can become healthy, and whether two ask for one port.
func compose(ctx context.Context, arguments []string) ([]string, error) {
	warnings := &counter{}
	logrus.AddHook(warnings)
	logrus.SetOutput(io.Discard)
	project, err := load(ctx, arguments[0])
	if err != nil {
		return nil, err
	}
	findings := warnings.texts
	ports := map[string]string{}
	for _, name := range project.ServiceNames() {
		service := project.Services[name]
		findings = append(findings, image(service)...)
		findings = append(findings, files(service)...)
		findings = append(findings, waits(project, service)...)
		for _, port := range service.Ports {
			if other, taken := ports[port.Published]; taken {
				findings = append(findings, fmt.Sprintf("%s and %s publish port %s", other, name, port.Published))
			}
			ports[port.Published] = name
		}
	}
	for name, config := range project.Configs {
		if config.File != "" {
			findings = append(findings, absent("config "+name, config.File)...)
		}
	}
	sort.Strings(findings)
	return findings, nil
}

func load(ctx context.Context, path string) (*types.Project, error) {
	options, err := cli.NewProjectOptions([]string{path}, cli.WithProfiles([]string{"*"}))
	if err != nil {
		return nil, err
	}
	return options.LoadProject(ctx)
}

// A tag that moves makes yesterday's lesson a different program today.
var exact = regexp.MustCompile(`:v?[0-9]+\.[0-9]+[^:]*$`)

func image(service types.ServiceConfig) []string {
	if service.Build != nil {
		place := filepath.Join(service.Build.Context, service.Build.Dockerfile)
		return absent(service.Name+": Dockerfile", place)
	}
	if !exact.MatchString(service.Image) {
		return []string{fmt.Sprintf("%s: image %q has no version", service.Name, service.Image)}
	}
	return nil
}

func files(service types.ServiceConfig) (findings []string) {
	for _, volume := range service.Volumes {
		if volume.Type == types.VolumeTypeBind {
			findings = append(findings, absent(service.Name+": volume", volume.Source)...)
		}
	}
	return findings
}

// An engine makes an empty folder of a bind mount that does not exist.
func absent(what, path string) []string {
	if _, err := os.Stat(path); err != nil {
		return []string{fmt.Sprintf("%s: %v", what, err)}
	}
	return nil
}

func waits(project *types.Project, service types.ServiceConfig) (findings []string) {
	for name, dependency := range service.DependsOn {
		check := project.Services[name].HealthCheck
		healthless := check == nil || check.Disable || len(check.Test) == 0
		if dependency.Condition == types.ServiceConditionHealthy && healthless {
			findings = append(findings, fmt.Sprintf("%s waits for the health of %s, which has no check", service.Name, name))
		}
	}
	return findings
}

// counter keeps what the loader only warns of, such as a variable that is not set.
type counter struct{ texts []string }

func (*counter) Levels() []logrus.Level { return []logrus.Level{logrus.WarnLevel, logrus.ErrorLevel} }

func (it *counter) Fire(entry *logrus.Entry) error {
	it.texts = append(it.texts, entry.Message)
	return nil
}
