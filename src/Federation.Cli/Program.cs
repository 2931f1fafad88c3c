using Federation.Cli.Commands;
using Federation.Cli.Terminals;

return await Fedctl.Run(args, Terminal.OfProcess(), CancellationToken.None);
