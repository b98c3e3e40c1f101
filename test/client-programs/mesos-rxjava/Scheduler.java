import static com.mesosphere.mesos.rx.java.SinkOperations.sink;

import com.mesosphere.mesos.rx.java.SinkOperation;
import com.mesosphere.mesos.rx.java.protobuf.ProtobufMesosClientBuilder;
import com.mesosphere.mesos.rx.java.protobuf.SchedulerCalls;
import com.mesosphere.mesos.rx.java.util.UserAgentEntries;
import java.net.URI;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.apache.mesos.v1.Protos.CommandInfo;
import org.apache.mesos.v1.Protos.FrameworkID;
import org.apache.mesos.v1.Protos.FrameworkInfo;
import org.apache.mesos.v1.Protos.Offer;
import org.apache.mesos.v1.Protos.Resource;
import org.apache.mesos.v1.Protos.TaskID;
import org.apache.mesos.v1.Protos.TaskInfo;
import org.apache.mesos.v1.Protos.TaskState;
import org.apache.mesos.v1.Protos.TaskStatus;
import org.apache.mesos.v1.Protos.Value;
import org.apache.mesos.v1.scheduler.Protos.Call;
import org.apache.mesos.v1.scheduler.Protos.Event;
import rx.Observable;

/**
 * A scheduler on mesos-rxjava: java -cp 'lib/*' Scheduler.java SCHEDULER_URL NAME
 *
 * <p>Launches a task that ends and one that it kills, says what it hears of them, and tears its framework down.
 */
public final class Scheduler {
    private static final Set<TaskState> ENDS = Set.of(TaskState.TASK_FINISHED, TaskState.TASK_FAILED, TaskState.TASK_KILLED);

    private final Set<String> open = new HashSet<>(Set.of("ends", "stays"));
    private FrameworkID frameworkId;
    private boolean isLaunched;

    public static void main(String[] args) throws Throwable {
        Scheduler scheduler = new Scheduler();
        FrameworkInfo framework =
                FrameworkInfo.newBuilder().setUser(System.getProperty("user.name")).setName(args[1]).build();
        ProtobufMesosClientBuilder.schedulerUsingProtos()
                .mesosUri(URI.create(args[0]))
                .applicationUserAgentEntry(UserAgentEntries.literal("scheduler", "1"))
                .subscribe(
                        Call.newBuilder()
                                .setType(Call.Type.SUBSCRIBE)
                                .setSubscribe(Call.Subscribe.newBuilder().setFrameworkInfo(framework))
                                .build())
                .processStream(events -> events.flatMap(event -> Observable.from(scheduler.answer(event))).map(Optional::of))
                .build()
                .openStream()
                .await();
    }

    /** What is to be sent upon an event. */
    private List<SinkOperation<Call>> answer(Event event) {
        List<SinkOperation<Call>> calls = new ArrayList<>();
        switch (event.getType()) {
            case SUBSCRIBED -> {
                frameworkId = event.getSubscribed().getFrameworkId();
                System.out.println("SUBSCRIBED " + frameworkId.getValue());
            }
            case OFFERS -> {
                for (Offer offer : event.getOffers().getOffersList()) calls.add(sink(take(offer)));
            }
            case UPDATE -> {
                TaskStatus status = event.getUpdate().getStatus();
                String taskId = status.getTaskId().getValue();
                System.out.println(taskId + " " + status.getState());
                if (status.hasUuid()) {
                    calls.add(sink(SchedulerCalls.ackUpdate(frameworkId, status.getUuid(), status.getAgentId(), status.getTaskId())));
                }
                if (taskId.equals("stays") && status.getState() == TaskState.TASK_RUNNING) {
                    calls.add(sink(call(Call.Type.KILL).setKill(Call.Kill.newBuilder().setTaskId(status.getTaskId())).build()));
                }
                if (ENDS.contains(status.getState()) && open.remove(taskId) && open.isEmpty()) {
                    calls.add(sink(call(Call.Type.TEARDOWN).build(), () -> System.exit(0)));
                }
            }
            default -> {}
        }
        return calls;
    }

    private Call take(Offer offer) {
        if (isLaunched) return SchedulerCalls.decline(frameworkId, List.of(offer.getId()));
        isLaunched = true;
        Offer.Operation.Launch launch =
                Offer.Operation.Launch.newBuilder()
                        .addTaskInfos(task(offer, "ends", "echo done"))
                        .addTaskInfos(task(offer, "stays", "exec sleep 1000"))
                        .build();
        return call(Call.Type.ACCEPT)
                .setAccept(
                        Call.Accept.newBuilder()
                                .addOfferIds(offer.getId())
                                .addOperations(Offer.Operation.newBuilder().setType(Offer.Operation.Type.LAUNCH).setLaunch(launch)))
                .build();
    }

    private static TaskInfo task(Offer offer, String id, String command) {
        return TaskInfo.newBuilder()
                .setName(id)
                .setTaskId(TaskID.newBuilder().setValue(id))
                .setAgentId(offer.getAgentId())
                .setCommand(CommandInfo.newBuilder().setValue(command))
                .addResources(scalar("cpus", 0.1))
                .addResources(scalar("mem", 32))
                .build();
    }

    private static Resource scalar(String name, double value) {
        return Resource.newBuilder()
                .setName(name)
                .setType(Value.Type.SCALAR)
                .setScalar(Value.Scalar.newBuilder().setValue(value))
                .build();
    }

    private Call.Builder call(Call.Type type) {
        return Call.newBuilder().setType(type).setFrameworkId(frameworkId);
    }
}
