using System.Reflection;
using System.Runtime.CompilerServices;
using DeconvNet.Imaging;
using DeconvNet.Mpi;
using DeconvNet.Networks;
using Mono.Cecil;

namespace DeconvNet.Tests.Architecture;

/// <summary>An interpolated string formats its numbers in the user's culture unless it names another. No analyzer warns of that.</summary>
public class InvariantTextTests
{
    private static readonly HashSet<string> Numbers = [typeof(float).FullName!, typeof(double).FullName!, typeof(decimal).FullName!, typeof(Half).FullName!];

    [Fact]
    public void No_interpolated_string_of_the_library_formats_a_fraction_in_the_culture_of_the_user()
    {
        foreach (var assembly in new[] { typeof(RgbImage).Assembly, typeof(DeconvNetModel).Assembly, typeof(MpiCommunicator).Assembly })
            Assert.Empty(Offenses(assembly));
    }

    [Fact]
    public void The_rule_sees_such_a_string_and_no_other()
    {
        var found = Offenses(typeof(InvariantTextTests).Assembly).ToArray();
        Assert.Contains($"{nameof(InvariantTextTests)}.{nameof(InTheCultureOfTheUser)}", found);
        Assert.DoesNotContain($"{nameof(InvariantTextTests)}.{nameof(Invariant)}", found);
    }

    private static string InTheCultureOfTheUser(double value) => $"one is {value:F1}";

    private static string Invariant(double value, int count) => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{(count > 1 ? $"{count} are" : "one is")} {value:F1}");

    private static IEnumerable<string> Offenses(Assembly assembly)
    {
        using var module = ModuleDefinition.ReadModule(assembly.Location);
        foreach (var method in module.GetTypes().SelectMany(type => type.Methods).Where(method => method.HasBody))
        {
            // Strings can be nested: a value belongs to the innermost unfinished one.
            var open = new Stack<bool>();
            foreach (var call in method.Body.Instructions.Select(instruction => instruction.Operand).OfType<MethodReference>())
            {
                var isHandler = call.DeclaringType.Name == nameof(DefaultInterpolatedStringHandler);
                if (isHandler && call.Name == ".ctor")
                    open.Push(call.Parameters[^1].ParameterType.Name != nameof(IFormatProvider));
                else if ((isHandler && call.Name == nameof(DefaultInterpolatedStringHandler.ToStringAndClear)) || call.Parameters.Any(IsHandler))
                    open.TryPop(out _);
                else if (isHandler && call is GenericInstanceMethod { Name: nameof(DefaultInterpolatedStringHandler.AppendFormatted) } append && open.TryPeek(out var followsUser) && followsUser && IsNumber(append.GenericArguments[0]))
                    yield return $"{method.DeclaringType.Name}.{method.Name}";
            }
        }

        static bool IsHandler(ParameterDefinition parameter) => parameter.ParameterType is ByReferenceType { ElementType.Name: nameof(DefaultInterpolatedStringHandler) };
    }

    private static bool IsNumber(TypeReference type) => Numbers.Contains(type is GenericInstanceType { ElementType.Name: "Nullable`1" } nullable ? nullable.GenericArguments[0].FullName : type.FullName);
}
