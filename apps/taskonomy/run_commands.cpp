// taskonomy run, pretrain, plan, place, finish, predict, export, show, worker: their help and options. What they do is in
// apps/learning.
#include "apps/taskonomy/commands.hpp"
#include "apps/taskonomy/learning_library.hpp"
#include "apps/taskonomy/table_input.hpp"

namespace taskonomy::cli {

namespace {

Option budget_option() { return {"budget", "B", "of the taxonomy (the largest at which it changes)"}; }

Option tasks_option() { return {"tasks", "TASK,...", "only these targets", true}; }

Option own_option() {
  return {"own", "", "take each target's own network, and no taxonomy: also for runs without transfers"};
}

Option taxonomy_option() {
  return {"taxonomy", "FILE",
          "a taxonomy of one's own: JSON as `solve --format json` or taxonomy.json have it"};
}

Option compared_option() {
  return {"compared", "", "take the comparison's networks also where `finish` left better ones"};
}

}  // namespace

Command run_command() {
  return {
      .name = "run",
      .summary = "train all that a recipe asks for, find its taxonomy",
      .arguments = {{"RECIPE|RUN"}},
      .about = R"(Trains every task's network and the transfers between them, and finds the
taxonomy: all that RECIPE (a TOML file) asks for, into one folder. The same
command again does only what is missing; so does `taskonomy run RUN` on a
run's folder. A recipe with more tasks than the folder's trains only theirs
and what they change. It ends with the text of RUN/summary.txt.)",
      .examples = R"(taskonomy run share/recipes/demo.toml
taskonomy run demo.toml --out runs/long --set source.steps=2000 \
    --set transfer.orders=[1,2,3] --set transfer.top=3
taskonomy run runs/long --workers 8
taskonomy run demo.toml --cluster slurm.toml --cluster-set pilots=16
taskonomy run demo.toml --until sources   # then look at Table 1)",
      .options = {{"out", "DIR", "the run's folder (default: runs/NAME, NAME from the recipe)"},
                  set_option(),
                  {"workers", "N",
                   "worker processes (default: one per core); 0: work in this process, for debugging"},
                  {"cluster", "FILE", "use other machines, as the section [cluster] of FILE says"},
                  {"cluster-set", "KEY=VALUE", "a key of [cluster], as in pilots=16; may be repeated", true},
                  {"device", "cpu|cuda", "where networks run: the same as --set compute.device=..."},
                  plugin_dir_option(),
                  {"until", "sources|transfers",
                   "stop after the source networks, or after the transfers; the same command without it "
                   "goes on"},
                  {"update", "",
                   "go on although the recipe is another, or code or data changed, since the folder's run "
                   "was made: what the changes do not touch is kept, the rest made again"},
                  {"quiet", "", "print nothing but failures"},
                  {"format", "text|json", "json: one object per finished job, and one at the end (text)"},
                  json_option()},
      .run = call_learning_library};
}

Command pretrain_command() {
  return {
      .name = "pretrain",
      .summary = "train networks on rendered rooms, for others to start from",
      .arguments = {{"TASK,...|RECIPE|RUN", false}},
      .about = R"(Trains the networks of TASKs, or of a RECIPE, on rooms that it renders
(share/recipes/rooms.toml, all of its tasks without an argument), with as many
steps as fit into --minutes on this machine: a trial of a minute tells. Made
once, the run is what networks for your own photographs start from, with
`taskonomy run RECIPE --set source.start=RUN`. The same command again goes on;
so does `taskonomy pretrain RUN`.)",
      .examples = R"(taskonomy pretrain --out runs/rooms --minutes 30
taskonomy pretrain depth_zbuffer,normal --out runs/shape --minutes 10 \
    --set data.side=96
taskonomy pretrain --out runs/resnet --set encoder.name=resnet18
taskonomy run share/recipes/nyuv2.toml --set data.root=nyuv2 \
    --set source.start=runs/rooms)",
      .options = {{"out", "DIR", "the run's folder (default: runs/NAME, NAME from the recipe: runs/rooms)"},
                  {"minutes", "M",
                   "how long it may take, rendering included (30); --set source.steps=N says the number of "
                   "steps itself"},
                  set_option(),
                  {"workers", "N", "worker processes (default: one per core)"},
                  {"device", "cpu|cuda", "where networks run: the same as --set compute.device=..."},
                  plugin_dir_option(),
                  {"update", "", "go on although the recipe, code or data changed, as `run` does"},
                  {"quiet", "", "print nothing but failures"},
                  {"format", "text|json", "json: one object per finished job, and one at the end (text)"},
                  json_option()},
      .run = call_learning_library};
}

Command plan_command() {
  return {
      .name = "plan",
      .summary = "the jobs of a run, and the time and disk of the rest",
      .arguments = {{"RECIPE|RUN"}},
      .about = R"(Lists the jobs of a run by stage: how many there are, how many are done in
its folder, and what the rest will take in time and disk. Estimates come from
the run's finished jobs; for stages without one, from a trial of a few images
and steps in a temporary folder, which also tells how much memory a worker
will hold. With --device cuda it says how much of a GPU's memory that is, and
needs no GPU. Nothing of the run itself is done. CSV has the table of stages
alone.)",
      .examples = R"(taskonomy plan share/recipes/demo.toml
taskonomy plan runs/demo --format json
taskonomy plan demo.toml --set source.steps=4000 --workers 16)",
      .options = {{"out", "DIR", "the run's folder (default: runs/NAME, NAME from the recipe)"},
                  set_option(),
                  {"workers", "N", "worker processes to reckon with (default: one per core)"},
                  {"cluster", "FILE", "reckon with its pilots, too, and say how many are worth having"},
                  {"cluster-set", "KEY=VALUE", "a key of [cluster], as in pilots=16; may be repeated", true},
                  {"device", "cpu|cuda", "where networks run: the same as --set compute.device=..."},
                  plugin_dir_option(),
                  {"no-trial", "", "measure nothing: give times only for stages with finished jobs"},
                  format_option("text|json|csv")},
      .run = call_learning_library};
}

Command place_command() {
  return {
      .name = "place",
      .summary = "which of a run's sources a new task should use",
      .arguments = {{"NEWTASK"}, {"RUN"}},
      .about = R"(Trains only the transfers into a new task, from the run's own encoders,
judges them against each other and against a network trained from scratch, and
picks the best for every budget of labels. The task is a target only; the run
and its reports stay as they are. The same command again goes on where it
stopped. It leaves summary.txt, place.csv, place.json and place.svg in
RUN/place/NEWTASK. A task that the run has as a target already is answered
from its table.)",
      .examples = R"(taskonomy place edge_occlusion runs/demo
taskonomy place edge_occlusion runs/demo --workers 8 \
    --set task.edge_occlusion.full=0.3
taskonomy place normal runs/demo --cost depth_zbuffer=3 --format json)",
      .options = {{"set", "task.NEWTASK.KEY=VALUE", "a parameter of the new task; may be repeated", true},
                  {"sources", "TASK,...", "try only these sources (all that the run has)", true},
                  {"own-network", "", "train the task's fully supervised network too: then Quality is known"},
                  {"cost", "TASK=C,...", "label cost of a source (1, or what the run's tasks say)", true},
                  judge_option(),
                  {"replicates", "N", "resampled test sets behind the intervals (1000)"},
                  block_option(),
                  {"seed", "N", "seed of everything that is drawn (1)"},
                  {"workers", "N",
                   "worker processes (default: one per core); 0: work in this process, for debugging"},
                  plugin_dir_option(),
                  {"quiet", "", "print no progress"},
                  format_option("text|json|csv")},
      .run = call_learning_library};
}

Command finish_command() {
  return {.name = "finish",
          .summary = "train a taxonomy's networks on until they are done",
          .arguments = {{"RUN"}},
          .about = R"(A comparison trains thousands of transfers, each for few steps. This goes on
with the few of one taxonomy, from where the comparison left them, until the
loss on images that are held out stops falling, and tells what each is worth on
the test images beside the comparison's network, the one from scratch and the
target's own, with intervals. `predict` and `export` then take the finished
networks. The same command again goes on where it stopped; another budget adds
the transfers that are missing. It leaves summary.txt and finished.csv in
RUN/finished.)",
          .examples = R"(taskonomy finish runs/demo --budget 2
taskonomy finish runs/photos --tune --set finish.steps=500
taskonomy finish runs/photos --taxonomy mine.json --tasks normal,depth_zbuffer)",
          .options = {budget_option(),
                      taxonomy_option(),
                      tasks_option(),
                      {"tune", "",
                       "train the encoders, too, each target its own: better, and larger where it is used; "
                       "the same as --set finish.tune=true"},
                      {"set", "finish.KEY=VALUE",
                       "steps (of a round), learning_rate, tune, tune_rate; may be repeated", true},
                      {"workers", "N",
                       "worker processes (default: one per core); 0: work in this process, for debugging"},
                      plugin_dir_option(),
                      {"quiet", "", "print no progress"},
                      format_option("text|csv")},
          .run = call_learning_library};
}

Command predict_command() {
  return {
      .name = "predict",
      .summary = "what a run's networks say of photographs",
      .arguments = {{"RUN|FILE"}, {"IMAGES...", false, true}},
      .about = R"(Predicts every target of a run's taxonomy on photographs of any size: PNG and
JPEG files, folders of them, or - for a path a line on standard input. FILE is
one that `taskonomy export` wrote, which takes the place of a run's folder. An
encoder that serves several targets runs once. Networks see the centred square
of a photograph, as in training. Leaves in the folder of --out, for each
target, pictures as the run draws them and numbers (TARGET/ID.npy; depth in
metres, classes as ids), beside them predictions.jsonl, a line for each
photograph with classes, values, units and files, and sheet.png, a contact
sheet of the first ones. Targets that see pairs or triplets take --pairs.)",
      .examples = R"(taskonomy predict runs/demo photographs --budget 2
taskonomy predict runs/demo a.jpg b.png --tasks normal,depth_zbuffer
find . -name "*.jpg" | taskonomy predict runs/demo - --no-pictures
taskonomy predict runs/poses --pairs left.png,right.png --own
taskonomy predict taxonomy.pt photographs)",
      .options = {{"out", "DIR", "where predictions go (predictions)"},
                  budget_option(),
                  taxonomy_option(),
                  compared_option(),
                  own_option(),
                  tasks_option(),
                  {"pairs", "A,B|CSV", "photographs seen together, in their order; may be repeated", true},
                  {"size", "photograph|network",
                   "of maps: the square of the photograph that networks see, or theirs "
                   "(photograph)"},
                  {"no-pictures", "", "write numbers alone"},
                  {"batch", "N", "photographs at a time (32)"},
                  {"workers", "N", "threads (default: one per core)"},
                  {"continue", "", "go on behind what predictions.jsonl in --out has already"},
                  plugin_dir_option(),
                  {"quiet", "", "print no progress"}},
      .run = call_learning_library};
}

Command export_command() {
  return {.name = "export",
          .summary = "a run's taxonomy as one TorchScript file",
          .arguments = {{"RUN"}},
          .about = R"(Writes the networks of a taxonomy as one file that Python (torch.jit.load) and
C++ (torch::jit::load) run without any code of this program: images float32
[B,3,H,W] in 0..1 to a dictionary of predictions by target, every encoder once.
Targets that see pairs or triplets have methods of their own, pairs and
triplets, on [B,2,3,H,W] and [B,3,3,H,W]. Beside the code it holds
taxonomy.json, targets.json (shapes, class names) and about.json.)",
          .examples = R"(taskonomy export runs/demo --budget 2 --out taxonomy.pt
taskonomy export runs/rooms --own --tasks depth_zbuffer,normal)",
          .options = {{"out", "FILE", "what to write (taxonomy.pt)"},
                      budget_option(),
                      taxonomy_option(),
                      compared_option(),
                      own_option(),
                      tasks_option(),
                      plugin_dir_option()},
          .run = call_learning_library};
}

Command show_command() {
  return {.name = "show",
          .summary = "what serves a taxonomy's targets, and what it costs to run",
          .arguments = {{"RUN"}},
          .about = R"(Says of each target of a taxonomy which encoders and which network predict it,
and measures on this machine what that costs: parameters, multiply-adds,
milliseconds for one sample. Below, how the whole graph, in which every encoder
runs once, compares with as many separate networks.)",
          .examples = R"(taskonomy show runs/demo --budget 2
taskonomy show runs/demo --own --format csv)",
          .options = {budget_option(),
                      taxonomy_option(),
                      compared_option(),
                      own_option(),
                      tasks_option(),
                      {"batch", "N", "samples at a time (16)"},
                      plugin_dir_option(),
                      format_option("text|csv")},
          .run = call_learning_library};
}

Command worker_command() {
  return {.name = "worker",
          .summary = "do jobs of a run: what `run` or a cluster starts",
          .arguments = {{"RUN"}},
          .about = R"(Reads ids of jobs from standard input, one a line, and answers each with a
line of JSON when it is done. With --job it does that one job in this process,
so that you can watch it fail, in a debugger for instance: there is no time
limit then, and memory beyond the run's [compute] memory_limit cannot be
allocated.)",
          .examples = R"(taskonomy worker runs/demo --job transfer/normal/reshading
gdb --args taskonomy worker RUN --job ID)",
          .options = {{"job", "ID", "do this job alone"},
                      {"place", "TASK", "a job of the task that `taskonomy place TASK RUN` places"},
                      {"finish", "", "a job of what `taskonomy finish RUN` trains on"},
                      {"copies", "DIR", "read images, labels and features from copies in DIR"},
                      plugin_dir_option(),
                      {"parent", "PROCESS", "end when this process, which started the worker, ends"}},
          .run = call_learning_library};
}

}  // namespace taskonomy::cli
