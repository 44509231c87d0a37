using System.CommandLine;
using TrainProposals;

var command = new RootCommand("Trains what finds proposals.") { RankerCommand.Create() };
return await command.RunAsync(args);
