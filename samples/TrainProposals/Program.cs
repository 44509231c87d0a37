using System.CommandLine;
using TrainProposals;

var command = new RootCommand("Trains parts of the proposal generator.") { RankerCommand.Create() };
return await command.RunAsync(args);
