/** One command and how it must end. */
export interface KubectlStep {
  /** After `kubectl`, as a shell would read it. */
  readonly command: string;
  /** What its output must match. */
  readonly says?: RegExp;
  readonly input?: string;
  /**
   * What a shell does while the command goes on, which is ended then. Its output counts too; `$PORT` is the local port that the command
   * forwards, `$NODE` a JavaScript runtime.
   */
  readonly during?: string;
  /** The editor that the command calls, `sed -i …`. */
  readonly editor?: string;
  /** Exit code, 0 when absent. */
  readonly code?: number;
}

const MAP = (value: string): string =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"applied","labels":{"set":"x"}},"data":{"k":"${value}"}}`;

const NODES = ['n1', 'n2']
  .map((name) => `{"apiVersion":"v1","kind":"Node","metadata":{"name":"${name}"}}`)
  .join('\n---\n');

/** Containers of `busy` use half a processor and 96Mi each. */
const BUSY = [
  {
    apiVersion: 'cluster.slipway.dev/v1',
    kind: 'Behaviour',
    metadata: { name: 'busy' },
    spec: { selector: { matchLabels: { app: 'busy' } }, usage: { cpu: '500m', memory: '96Mi' } },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'busy', labels: { app: 'busy' } },
    spec: { containers: [{ name: 'main', image: 'busy:1' }] },
  },
]
  .map((each) => JSON.stringify(each))
  .join('\n---\n');
/** Until a container that has just started has been measured: ten seconds of life, and the next measurement. */
const UNTIL_MEASURED = 'wait --for=jsonpath={.never} pod/busy --timeout=40s';

/** A pod that says something about what runs in it. */
const TALKS_ITEMS = [
  {
    apiVersion: 'cluster.slipway.dev/v1',
    kind: 'Behaviour',
    metadata: { name: 'talks' },
    spec: {
      container: 'main',
      selector: { matchLabels: { app: 'talks' } },
      exec: [
        { command: ['cat', '/etc/hostname'], stdout: 'talks\n' },
        { command: ['sh', '-c', '**'], stderr: 'it hurts\n', code: 3 },
        { command: ['cat'], input: 'Echoed' },
        { command: ['tar', '**'], input: 'Awaited' },
      ],
      http: [{ port: 80, path: '/hello', body: 'hello' }],
      logs: [{ line: 'tick', every: '100ms' }],
    },
  },
  {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name: 'talks', labels: { app: 'talks' } },
    spec: {
      containers: [
        {
          name: 'main',
          image: 'talks:1',
          ports: [{ containerPort: 80 }],
          resources: { requests: { cpu: '100m' } },
        },
      ],
    },
  },
];
/** As one object: older kubectl takes no text that has JSON behind a line. */
const TALKS = JSON.stringify({ apiVersion: 'v1', kind: 'List', items: TALKS_ITEMS });

const FETCH = (path: string): string =>
  `"$NODE" -e 'fetch("http://127.0.0.1:"+process.env.PORT+"${path}").then((a)=>a.text()).then(console.log,(e)=>console.log(String(e)))'`;

const READ: readonly KubectlStep[] = [
  { command: 'version', says: /Server Version: v1\.36/ },
  { command: 'api-versions', says: /^apps\/v1$/m },
  { command: 'api-resources', says: /deployments +deploy +apps\/v1 +true +Deployment/ },
  { command: 'cluster-info', says: /control plane.* is running at/ },
  { command: 'get ns', says: /kube-system +Active/ },
  { command: 'apply -f -', input: NODES, says: /node\/n1 created/ },
  { command: 'create deployment web --image=nginx --replicas=2 --port=80', says: /created/ },
  { command: 'rollout status deploy/web --timeout=30s', says: /successfully rolled out/ },
  { command: 'get pods -l app=web -o wide', says: /Running .* n[12] / },
  { command: 'get pods -l app=web -o yaml', says: /kind: List/ },
  { command: 'get pods -l app=web -o json', says: /"kind": "Pod"/ },
  { command: 'get deploy web -o jsonpath={.spec.replicas}', says: /^2$/ },
  { command: 'get deploy -o name', says: /^deployment.apps\/web$/m },
  { command: 'get deploy -o custom-columns=N:.metadata.name', says: /^N\nweb/ },
  { command: 'get pods -A --sort-by=.metadata.name', says: /web-/ },
  { command: 'get pods --field-selector=status.phase=Running', says: /web-/ },
  { command: 'get pods --field-selector=status.phase=Failed', says: /No resources found/ },
  { command: 'get pods --chunk-size=1', says: /web-.*\n.*web-/ },
  { command: 'get all', says: /replicaset\.apps\/web-/ },
  { command: 'get deploy web -o yaml --show-managed-fields', says: /manager: kubectl-create/ },
  { command: 'describe deploy web', says: /ScalingReplicaSet/ },
  {
    command: 'describe pods -l app=web --show-events',
    says: /Successfully assigned default\/web-/,
  },
  { command: 'describe node n1', says: /Allocated resources/ },
  { command: 'apply -f -', input: BUSY, says: /pod\/busy created/ },
  { command: 'explain pods.spec.containers.image', says: /FIELD: image <string>/ },
  { command: 'explain deploy --recursive', says: /maxSurge/ },
  { command: 'events', says: /ScalingReplicaSet/ },
  { command: 'get events', says: /SuccessfulCreate/ },
];

const CREATE: readonly KubectlStep[] = [
  { command: 'create ns shop', says: /namespace\/shop created/ },
  { command: 'create configmap settings --from-literal=a=b', says: /created/ },
  { command: 'create secret generic keys --from-literal=x=y', says: /created/ },
  { command: "get secret keys -o 'jsonpath={.data.x}'", says: /^eQ==$/ },
  { command: 'create service clusterip inside --tcp=80:80', says: /created/ },
  { command: 'create sa robot', says: /created/ },
  { command: 'create token robot', says: /^eyJ/ },
  { command: 'create role reader --verb=get --resource=pods', says: /created/ },
  {
    command: 'create rolebinding reads --role=reader --serviceaccount=default:robot',
    says: /created/,
  },
  { command: 'create clusterrole lister --verb=list --resource=nodes', says: /created/ },
  { command: 'create clusterrolebinding lists --clusterrole=lister --user=bob', says: /created/ },
  { command: 'create quota few --hard=pods=50', says: /created/ },
  { command: 'create ingress door --rule=foo.com/bar=inside:80', says: /created/ },
  { command: 'create priorityclass high --value=100', says: /created/ },
  { command: 'create pdb keep --selector=app=web --min-available=1', says: /created/ },
  { command: 'create job once --image=busybox', says: /created/ },
  { command: "create cronjob nightly --image=busybox --schedule='0 3 * * *'", says: /created/ },
  { command: 'expose deploy web', says: /service\/web exposed/ },
  { command: 'run one --image=nginx', says: /pod\/one created/ },
];

const CHANGE: readonly KubectlStep[] = [
  { command: 'scale deploy web --replicas=3', says: /scaled/ },
  { command: 'autoscale deploy web --min=1 --max=5 --cpu=50%', says: /autoscaled/ },
  { command: 'delete hpa web', says: /deleted/ },
  { command: 'set image deploy/web nginx=nginx:2', says: /image updated/ },
  { command: 'set env deploy/web A=B', says: /env updated/ },
  { command: 'set resources deploy/web --limits=cpu=200m', says: /resource requirements updated/ },
  { command: 'set selector svc inside app=web', says: /selector updated/ },
  { command: 'set serviceaccount deploy web robot', says: /serviceaccount updated/ },
  { command: 'set subject rolebinding reads --user=al', says: /subjects updated/ },
  { command: 'rollout status deploy/web --timeout=30s', says: /successfully rolled out/ },
  { command: 'rollout history deploy/web', says: /REVISION/ },
  { command: 'rollout undo deploy/web', says: /rolled back/ },
  { command: 'rollout pause deploy/web', says: /paused/ },
  { command: 'rollout resume deploy/web', says: /resumed/ },
  { command: 'rollout restart deploy/web', says: /restarted/ },
  { command: 'rollout status deploy/web --timeout=30s', says: /successfully rolled out/ },
  { command: 'label pod one x=y', says: /labeled/ },
  { command: 'label pod one x-', says: /unlabeled/ },
  { command: 'annotate pod one note=hello', says: /annotated/ },
  { command: 'patch deploy web -p \'{"spec":{"replicas":2}}\'', says: /patched/ },
  {
    command:
      'patch deploy web --type=json -p \'[{"op":"replace","path":"/spec/replicas","value":3}]\'',
    says: /patched/,
  },
  {
    command: 'patch deploy web --type=merge -p \'{"metadata":{"labels":{"a":"b"}}}\'',
    says: /patched/,
  },
  { command: 'apply -f -', input: MAP('1'), says: /configmap\/applied created/ },
  { command: 'diff -f -', input: MAP('2'), code: 1, says: /^\+ {2}k: "2"$/m },
  { command: 'apply -f -', input: MAP('2'), says: /configured/ },
  {
    command: 'apply --server-side --force-conflicts -f -',
    input: MAP('3'),
    says: /serverside-applied/,
  },
  { command: 'apply view-last-applied cm applied', says: /k: / },
  { command: 'replace -f -', input: MAP('4'), says: /replaced/ },
  { command: 'apply --dry-run=server -f -', input: MAP('5'), says: /server dry run/ },
  { command: 'apply --prune -l set=x -f -', input: MAP('6'), says: /applied/ },
  { command: 'edit cm applied', says: /edited/ },
  { command: 'wait --for=condition=Available deploy/web --timeout=30s', says: /condition met/ },
  { command: "wait --for=jsonpath='{.status.phase}'=Running pod/one --timeout=30s", says: /met/ },
];

const MEASURE: readonly KubectlStep[] = [
  { command: UNTIL_MEASURED, code: 1, says: /timed out/ },
  { command: 'top pods -l app=busy', says: /^busy +500m +96Mi/m },
  { command: 'top pod busy --containers', says: /^busy +main +500m +96Mi/m },
  { command: 'top pods -A --sum', says: /500m +96Mi *$/m },
  { command: 'top nodes', says: /^n\d +500m +12% +96Mi +0%/m },
  { command: 'get podmetrics busy -o name', says: /^podmetrics\.metrics\.k8s\.io\/busy$/m },
  {
    command: 'get pods.metrics.k8s.io busy',
    says: /^NAME +CPU +MEMORY +WINDOW\nbusy +500m +96Mi +15s/,
  },
  { command: 'get --raw /apis/metrics.k8s.io/v1beta1/nodes', says: /"kind":"NodeMetricsList"/ },
  { command: 'delete pod busy --now', says: /deleted/ },
];

/** What needs a container. There are no files in a simulated one: `cp` gives them to its tar, if it has one, and gets none out of it. */
export const KUBECTL_INSIDE: readonly KubectlStep[] = [
  { command: 'apply -f -', input: TALKS, says: /pod\/talks created/ },
  { command: 'wait --for=condition=Ready pod/talks --timeout=30s', says: /met/ },
  { command: 'exec talks -- cat /etc/hostname', says: /^talks$/m },
  { command: "exec talks -- sh -c 'exit 3'", code: 3, says: /it hurts\n.*exit code 3/ },
  { command: 'exec talks -- ls', code: 1, says: /exec: "ls": executable file not found in \$PATH/ },
  { command: 'exec -i talks -- cat', input: 'there and back', says: /^there and back/ },
  { command: 'exec talks -c other -- ls', code: 1, says: /container other is not valid for pod/ },
  { command: 'attach talks', during: 'sleep 1', says: /^tick$/m },
  { command: 'cp "$KUBECONFIG" talks:/tmp/config' },
  { command: 'port-forward pod/talks :80', during: FETCH('/hello'), says: /^hello$/m },
  { command: 'port-forward pod/talks :81', during: FETCH('/'), says: /connection refused/ },
  {
    command: 'debug talks --image=tools:1 --target=main -c look',
    says: /Targeting container "main"/,
  },
  {
    command:
      "wait --for=jsonpath='{.status.ephemeralContainerStatuses[0].state.running.startedAt}' pod/talks --timeout=30s",
    says: /met/,
  },
  {
    command: 'describe pod talks',
    says: /Ephemeral Containers:\n {2}look:\n[\s\S]*State: +Running/,
  },
  {
    command: 'cp "$KUBECONFIG" talks:/tmp/config -c look',
    code: 1,
    says: /exec: "tar": executable/,
  },
  { command: 'debug talks --image=busybox --copy-to=copy -c look --attach=false' },
  { command: 'debug node/n1 --image=busybox --attach=false', says: /node-debugger-n1-/ },
  {
    command:
      'patch pod talks --subresource resize -p \'{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"200m"}}}]}}\'',
    says: /patched/,
  },
  {
    command:
      "wait --for=jsonpath='{.status.containerStatuses[0].resources.requests.cpu}'=200m pod/talks --timeout=30s",
    says: /met/,
  },
  {
    command: 'edit pod talks --subresource resize',
    editor: "sed -i 's/cpu: 200m/cpu: 300m/'",
    says: /edited/,
  },
  {
    command:
      "wait --for=jsonpath='{.status.containerStatuses[0].resources.requests.cpu}'=300m pod/talks --timeout=30s",
    says: /met/,
  },
  {
    command:
      'patch pod talks --subresource resize -p \'{"spec":{"containers":[{"name":"main","resources":{"requests":{"cpu":"99"}}}]}}\'',
    says: /patched/,
  },
  {
    command:
      'wait --for=jsonpath=\'{.status.conditions[?(@.type=="PodResizePending")].reason}\'=Infeasible pod/talks --timeout=30s',
    says: /met/,
  },
  { command: 'events --for pod/talks', says: /ResizeCompleted[\s\S]*ResizeInfeasible/ },
  { command: 'delete pod talks copy --now', says: /deleted/ },
];

const OPERATE: readonly KubectlStep[] = [
  { command: 'auth can-i get pods', says: /^yes/ },
  { command: 'auth can-i list nodes --as=bob', says: /^yes/ },
  { command: 'auth can-i delete nodes --as=bob', code: 1, says: /^no/ },
  { command: 'auth can-i --list', says: /\*\.\*/ },
  { command: 'auth whoami', says: /kubernetes-admin/ },
  { command: 'get --raw /healthz', says: /^ok$/ },
  { command: 'get --raw /livez', says: /^ok$/ },
  { command: "get --raw '/readyz?verbose'", says: /readyz check passed/ },
  { command: 'get --raw /version', says: /"gitVersion"/ },
  { command: 'get --raw /metrics', says: /apiserver_request_total/ },
  { command: 'get cs', says: /scheduler +Healthy/ },
  { command: 'taint node n1 k=v:NoSchedule', says: /tainted/ },
  { command: 'taint node n1 k-', says: /untainted/ },
  { command: 'cordon n1', says: /cordoned/ },
  { command: 'uncordon n1', says: /uncordoned/ },
  { command: 'drain n1 --ignore-daemonsets --force --timeout=60s', says: /node\/n1 drained/ },
  { command: 'uncordon n1', says: /uncordoned/ },
  { command: 'delete pod one --now --ignore-not-found' },
  { command: 'delete cm applied settings', says: /"settings" deleted/ },
  { command: 'delete deploy web --cascade=foreground', says: /deleted/ },
  { command: 'create deployment again --image=nginx', says: /created/ },
  { command: 'delete deploy again --cascade=orphan', says: /deleted/ },
  { command: 'get rs -l app=again -o name', says: /replicaset\.apps\/again-/ },
  { command: 'delete rs --all', says: /deleted/ },
  { command: 'delete pods --all --force' },
  { command: 'delete ns shop', says: /deleted/ },
];

const moved = (more: string): string =>
  `{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"moved"${more}},"data":{"k":"1"}}`;
const SERVER_SIDE = 'apply --server-side -f -';

/** From client-side apply to the server's, and what of an object is another endpoint's. */
const APPLY: readonly KubectlStep[] = [
  { command: 'apply -f -', input: moved(',"labels":{"a":"1"}'), says: /created/ },
  {
    command: `${SERVER_SIDE} --field-manager=other`,
    input: moved(',"labels":{"a":"2"}'),
    says: /conflict with "kubectl-client-side-apply" using v1: .metadata.labels.a/,
    code: 1,
  },
  { command: SERVER_SIDE, input: moved(',"labels":{"a":"2"}'), says: /serverside-applied/ },
  { command: 'apply view-last-applied cm moved', says: /a: "2"/ },
  { command: SERVER_SIDE, input: moved(''), says: /serverside-applied/ },
  { command: 'get cm moved --show-labels', says: /moved +1 +\S+ +<none>/ },
  {
    command: `patch cm moved -p '{"metadata":{"labels":"none"}}'`,
    says: /cannot restore map from string/,
    code: 1,
  },
  { command: 'get deploy web --subresource=scale', says: /NAME +DESIRED +AVAILABLE +AGE\nweb/ },
  { command: 'get deploy web --subresource=status', says: /NAME +READY +UP-TO-DATE/ },
  { command: "create cronjob never --image=x --schedule='0 0 31 2 *'", says: /created/ },
  { command: 'events --for cronjob/never', says: /Warning +InvalidSchedule +CronJob\/never/ },
  { command: 'delete cm/moved cronjob/never', says: /"never" deleted/ },
];

/** A session with a new server. */
export const KUBECTL: readonly KubectlStep[] = [
  ...READ,
  ...CREATE,
  ...CHANGE,
  ...APPLY,
  ...MEASURE,
  ...KUBECTL_INSIDE,
  ...OPERATE,
];
