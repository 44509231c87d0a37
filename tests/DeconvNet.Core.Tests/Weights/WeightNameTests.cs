using DeconvNet.Weights;

namespace DeconvNet.Tests.Weights;

public sealed class WeightNameTests
{
    [Theory]
    [InlineData("conv1_1.weight", "conv1_1", "weight", false)]
    [InlineData("fc6-deconv-bn.running_var", "fc6_deconv_bn", "running_var", false)]
    [InlineData("module.features.0.bias", "module.features.0", "bias", false)]
    [InlineData("block1_conv1_W", "block1_conv1", "weight", true)]
    [InlineData("block1_conv1_W_1:0", "block1_conv1", "weight", true)]
    [InlineData("block1_conv1/block1_conv1_b_1:0", "block1_conv1", "bias", true)]
    [InlineData("block1_conv1/kernel:0", "block1_conv1", "weight", true)]
    [InlineData("model/block1_conv1/kernel", "block1_conv1", "weight", true)]
    [InlineData("bn-conv1-1/moving_variance:0", "bn_conv1_1", "running_var", true)]
    [InlineData("bn_running_std", "bn", "running_var", true)]
    [InlineData("inception_3a/1x1.weight", "inception_3a/1x1", "weight", false)]
    [InlineData("bn/beta:0", "bn", "bias", true)]
    public void A_name_tells_layer_and_part(string name, string layer, string part, bool isKeras) =>
        Assert.Equal(new WeightName(layer, part, isKeras), WeightName.Parse(name));

    [Theory]
    [InlineData("weight")]
    [InlineData(".weight")]
    [InlineData("epoch")]
    [InlineData("conv1_1.blob2")]
    [InlineData("conv1_1weight")]
    [InlineData("")]
    public void Other_names_tell_nothing(string name) => Assert.Null(WeightName.Parse(name));
}
