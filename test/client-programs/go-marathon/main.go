// Drives go-marathon through the life of apps and groups; what it sees goes to the test, one JSON object a line.
package main

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"sort"
	"time"

	marathon "github.com/gambol99/go-marathon"
)

const deadline = 60 * time.Second

type details map[string]interface{}

func say(event string, more details) {
	line := details{"event": event}
	for name, value := range more {
		line[name] = value
	}
	text, err := json.Marshal(line)
	must(err)
	fmt.Println(string(text))
}

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}

func code(err error) int {
	if refused, ok := err.(*marathon.APIError); ok {
		return refused.ErrCode
	}
	return -1
}

func app(id string) *marathon.Application {
	application := marathon.NewDockerApplication().Name(id).Command("sleep 3600").CPU(0.1).Memory(16).Count(1)
	application.Container = nil
	return application
}

func until(what string, look func() bool) {
	for end := time.Now().Add(deadline); time.Now().Before(end); time.Sleep(100 * time.Millisecond) {
		if look() {
			return
		}
	}
	must(fmt.Errorf("it took too long: %s", what))
}

func main() {
	config := marathon.NewDefaultConfig()
	config.URL = os.Args[1]
	config.EventsTransport = marathon.EventsTransportSSE
	config.PollingWaitTime = 100 * time.Millisecond
	client, err := marathon.NewClient(config)
	must(err)

	events, err := client.AddEventsListener(marathon.EventIDApplications | marathon.EventIDAPIRequest | marathon.EventIDDeploymentSuccess)
	must(err)
	seen := make(chan string, 1024)
	go func() {
		for event := range events {
			seen <- event.Name
		}
	}()

	system(client)
	apps(client)
	tasks(client)
	deployments(client)
	groups(client)

	names := map[string]bool{}
	until("events have come", func() bool {
		for {
			select {
			case name := <-seen:
				names[name] = true
			default:
				return names["status_update_event"] && names["deployment_success"] && names["api_post_event"]
			}
		}
	})
	client.RemoveEventsListener(events)
	say("events", nil)
}

func system(client marathon.Marathon) {
	alive, err := client.Ping()
	must(err)
	info, err := client.Info()
	must(err)
	leader, err := client.Leader()
	must(err)
	say("system", details{"alive": alive, "isLeader": leader == info.Leader, "named": info.Name, "framework": info.FrameworkID != ""})
}

func apps(client marathon.Marathon) {
	definition := app("/go/app").Count(2).AddLabel("tier", "front").AddEnv("COLOUR", "blue")
	definition.AddConstraint("hostname", "LIKE", ".*")
	created, err := client.CreateApplication(definition)
	must(err)
	say("created", details{"id": created.ID, "deployments": len(created.DeploymentIDs())})
	_, err = client.CreateApplication(definition)
	say("twice", details{"isDuplicate": code(err) == marathon.ErrCodeDuplicateID})
	must(client.WaitOnApplication("/go/app", deadline))
	isFine, err := client.ApplicationOK("/go/app")
	must(err)
	ids, err := client.ListApplications(url.Values{"label": {"tier==front"}})
	must(err)
	before, err := client.Application("/go/app")
	must(err)
	ports := []int{}
	for _, task := range before.Tasks {
		ports = append(ports, len(task.Ports))
	}
	say("running", details{"ok": isFine, "listed": ids, "ports": ports})

	deployment, err := client.ScaleApplicationInstances("/go/app", 3, false)
	must(err)
	must(client.WaitOnDeployment(deployment.DeploymentID, deadline))
	deployment, err = client.UpdateApplication(app("/go/app").Count(3).AddEnv("COLOUR", "green"), false)
	must(err)
	must(client.WaitOnDeployment(deployment.DeploymentID, deadline))
	updated, err := client.Application("/go/app")
	must(err)
	versions, err := client.ApplicationVersions("/go/app")
	must(err)
	earlier, err := client.ApplicationByVersion("/go/app", before.Version)
	must(err)
	say("updated", details{
		"env": *updated.Env, "running": updated.TasksRunning, "versions": len(versions.Versions), "earlier": *earlier.Env,
	})
	deployment, err = client.SetApplicationVersion("/go/app", &marathon.ApplicationVersion{Version: before.Version})
	must(err)
	must(client.WaitOnDeployment(deployment.DeploymentID, deadline))
	restored, err := client.Application("/go/app")
	must(err)
	say("rolled back", details{"env": *restored.Env})
	deployment, err = client.RestartApplication("/go/app", false)
	must(err)
	must(client.WaitOnDeployment(deployment.DeploymentID, deadline))

	_, err = client.CreateApplication(app("/go/bad").CPU(-1))
	say("refused", details{"isInvalid": code(err) == marathon.ErrCodeInvalidBean, "message": err.Error()})
	_, err = client.Application("/go/none")
	say("missing", details{"isNotFound": code(err) == marathon.ErrCodeNotFound})
}

func running(client marathon.Marathon, count int) []marathon.Task {
	var found []marathon.Task
	until(fmt.Sprintf("%d tasks run", count), func() bool {
		listed, err := client.Tasks("/go/app")
		must(err)
		found = nil
		for _, task := range listed.Tasks {
			if task.State == "TASK_RUNNING" {
				found = append(found, task)
			}
		}
		return len(found) == count
	})
	return found
}

func tasks(client marathon.Marathon) {
	current, err := client.Application("/go/app")
	must(err)
	count := *current.Instances
	first := running(client, count)[0]
	must(client.KillTasks([]string{first.ID}, &marathon.KillTaskOpts{}))
	until("the task is replaced", func() bool {
		for _, task := range running(client, count) {
			if task.ID == first.ID {
				return false
			}
		}
		return true
	})
	_, err = client.KillApplicationTasks("/go/app", &marathon.KillApplicationTasksOpts{Host: "nowhere"})
	must(err)
	must(client.KillTasks([]string{running(client, count)[0].ID}, &marathon.KillTaskOpts{Scale: true}))
	all, err := client.AllTasks(&marathon.AllTasksOpts{Status: "running"})
	must(err)
	say("killed", details{"left": len(running(client, count-1)), "listed": len(all.Tasks) > 0})
}

func deployments(client marathon.Marathon) {
	until("no deployment is left", func() bool {
		under, err := client.Deployments()
		must(err)
		return len(under) == 0
	})
	_, err := client.CreateApplication(app("/go/huge").CPU(1000))
	must(err)
	var queue *marathon.Queue
	until("it is queued", func() bool {
		queue, err = client.Queue()
		must(err)
		return len(queue.Items) == 1
	})
	under, err := client.Deployments()
	must(err)
	_, err = client.UpdateApplication(app("/go/huge").CPU(900), false)
	say("waiting", details{
		"queued": queue.Items[0].Application.ID, "count": queue.Items[0].Count, "affected": under[0].AffectedApps,
		"steps": len(under[0].Steps), "isLocked": code(err) == marathon.ErrCodeAppLocked,
	})
	must(client.DeleteQueueDelay("/go/huge"))
	undo, err := client.DeleteDeployment(under[0].ID, false)
	must(err)
	must(client.WaitOnDeployment(undo.DeploymentID, deadline))
	_, err = client.Application("/go/huge")
	say("undone", details{"isGone": code(err) == marathon.ErrCodeNotFound})
}

func groups(client marathon.Marathon) {
	group := marathon.NewApplicationGroup("/go-group")
	group.App(app("/go-group/db")).App(app("/go-group/web").DependsOn("/go-group/db"))
	must(client.CreateGroup(group))
	must(client.WaitOnGroup("/go-group", deadline))
	read, err := client.GroupBy("/go-group", &marathon.GetGroupOpts{Embed: []string{"group.apps", "group.apps.counts"}})
	must(err)
	ids := []string{}
	for _, one := range read.Apps {
		ids = append(ids, one.ID)
	}
	sort.Strings(ids)
	smaller := marathon.NewApplicationGroup("/go-group")
	smaller.App(app("/go-group/db"))
	deployment, err := client.UpdateGroup("/go-group", smaller, false)
	must(err)
	must(client.WaitOnDeployment(deployment.DeploymentID, deadline))
	left, err := client.Group("/go-group")
	must(err)
	say("group", details{"apps": ids, "left": len(left.Apps)})
	for _, id := range []string{"/go-group", "/go"} {
		deployment, err = client.DeleteGroup(id, true)
		must(err)
		must(client.WaitOnDeployment(deployment.DeploymentID, deadline))
	}
	has, err := client.HasGroup("/go-group")
	must(err)
	say("removed", details{"has": has})
}
